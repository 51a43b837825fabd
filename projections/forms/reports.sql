-- view: reports
-- grain: one row per report that is not hidden, in its latest form
-- needs: forms.reports_in_form, forms.gone_reports
-- why: the reports that count
from forms.reports_in_form
anti join forms.gone_reports using (report_id)
