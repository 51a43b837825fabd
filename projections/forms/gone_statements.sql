-- view: gone_statements
-- grain: one row per statement that is hidden: void itself, or said by a speaker who is
-- when: hides()
-- else: nothing
-- needs: forms.gone_itself, forms.statements_in_form
-- why: its reports, relations and assessments are hidden with it
with gone as materialized (
    from forms.gone_itself
)

select id as statement_id from gone where noun = 'statement'
union
select statement.statement_id
from forms.statements_in_form as statement
semi join gone on gone.noun = 'speaker' and gone.id = statement.speaker_id
