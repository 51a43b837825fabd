-- view: touched_estimates
-- grain: one row per estimate of a statement of forms.touched in its latest form, void or not
-- needs: forms.touched_since, later_table(), seen.estimate_revisions, forms.hidden_events,
--        facts.touched_estimates, seen.estimates
-- why: these rows of forms.estimates_in_form: of the ledger whole, only what the tail touched is read
with since as materialized (
    select position from forms.touched_since
    union
    select position from query_table(later_table())
),

latest as materialized (
    select *
    from seen.estimate_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by estimate_id order by position desc) = 1
),

recorded as (
    from facts.touched_estimates
    where stood(position, recorded_at)
    union all
    from seen.estimates
    semi join since using (position)
)

from recorded
anti join latest using (estimate_id)
union all by name
from latest
