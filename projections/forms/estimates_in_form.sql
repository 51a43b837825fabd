-- view: estimates_in_form
-- grain: one row per estimate in its latest form, void or not
-- when: has('estimate_revisions')
-- else: seen.estimates
-- needs: seen.estimate_revisions, forms.hidden_events, seen.estimates
-- why: the recorded rows without the few that were revised, and those as they are now
with latest as materialized (
    select *
    from seen.estimate_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by estimate_id order by position desc) = 1
)

from seen.estimates
anti join latest using (estimate_id)
union all by name
from latest
