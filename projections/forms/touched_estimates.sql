-- view: touched_estimates
-- grain: one row per estimate of a statement of forms.touched in its latest form, void or not
-- needs: forms.touched, forms.hangs, seen.estimate_revisions, forms.hidden_events, seen.estimates
-- why: these rows of forms.estimates_in_form, found by their positions: DuckDB passes over the others,
--      as it does not where they are picked from that view
with places as materialized (
    select position from forms.touched
    union
    select position from forms.hangs
),

latest as materialized (
    select *
    from seen.estimate_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by estimate_id order by position desc) = 1
)

from seen.estimates
semi join places using (position)
anti join latest using (estimate_id)
union all by name
from latest
