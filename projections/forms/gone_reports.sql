-- view: gone_reports
-- grain: one row per report that is hidden: void itself, or by its statement or its source
-- needs: forms.gone_itself, forms.statements_in_form, forms.reports_in_form
-- why: the estimates that rest on it are hidden with it
with itself as materialized (
    from forms.gone_itself
),

gone as materialized (
    from itself
    union all
    select 'statement', statement.statement_id
    from forms.statements_in_form as statement
    semi join itself on itself.noun = 'speaker' and itself.id = statement.speaker_id
),

placed as (
    select report_id, statement_id, source_id from forms.reports_in_form
)

select id as report_id from gone where noun = 'report'
union
select report_id
from placed
semi join gone on gone.noun = 'statement' and gone.id = placed.statement_id
union
select report_id
from placed
semi join gone on gone.noun = 'source' and gone.id = placed.source_id
