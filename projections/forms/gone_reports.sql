-- view: gone_reports
-- grain: one row per report that is hidden: void itself, or by its statement or its source
-- needs: seen.reports, forms.hidden, forms.gone_statements, forms.reports_in_form,
--        forms.gone_sources
-- why: the estimates that rest on it are hidden with it
select report.report_id
from seen.reports as report
semi join forms.hidden as hidden
    on hidden.position = report.position
    and coalesce(hidden.part, 'report/' || report.report_id) = 'report/' || report.report_id
union
select report.report_id
from seen.reports as report
semi join forms.gone_statements using (statement_id)
union
select report.report_id
from forms.reports_in_form as report
semi join forms.gone_sources using (source_id)
