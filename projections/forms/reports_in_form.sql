-- view: reports_in_form
-- grain: one row per report in its latest form, void or not
-- when: has('report_revisions')
-- else: seen.reports
-- needs: seen.report_revisions, forms.hidden_events, seen.reports
-- why: the recorded rows without the few that were revised, and those as they are now
with latest as materialized (
    select *
    from seen.report_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by report_id order by position desc) = 1
)

from seen.reports
anti join latest using (report_id)
union all by name
from latest
