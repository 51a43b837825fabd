-- view: gone_reports
-- grain: one row per report that is hidden: void itself, or by its statement or its source
-- when: hides()
-- else: nothing
-- needs: forms.gone_itself, forms.statements_in_form, forms.reports_in_form
-- why: the estimates that rest on it are hidden with it. What is gone stands on the right of each
--      join: where nothing is, no report is read
with itself as materialized (
    from forms.gone_itself
),

said as (
    select id as statement_id from itself where noun = 'statement'
    union all
    select statement.statement_id
    from forms.statements_in_form as statement
    semi join itself on itself.noun = 'speaker' and itself.id = statement.speaker_id
)

select id as report_id from itself where noun = 'report'
union
select report_id
from forms.reports_in_form
semi join said using (statement_id)
union
select report.report_id
from forms.reports_in_form as report
semi join itself on itself.noun = 'source' and itself.id = report.source_id
