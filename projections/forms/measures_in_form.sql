-- view: measures_in_form
-- grain: one row per measure in its latest form, void or not
-- when: has('measure_revisions')
-- else: seen.measures
-- needs: seen.measure_revisions, forms.hidden_events, seen.measures
-- why: the recorded rows without the few that were revised, and those as they are now
with latest as materialized (
    select *
    from seen.measure_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by measure_id order by position desc) = 1
)

from seen.measures
anti join latest using (measure_id)
union all by name
from latest
