-- view: reports
-- grain: one row per report that is not hidden, in its latest form
-- needs: forms.gone_itself, forms.reports_in_form, forms.gone_statements
-- why: the reports that count
with itself as materialized (
    from forms.gone_itself
)

from forms.reports_in_form as report
anti join itself as own on own.noun = 'report' and own.id = report.report_id
anti join itself as source on source.noun = 'source' and source.id = report.source_id
anti join forms.gone_statements using (statement_id)
