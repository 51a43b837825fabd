-- view: gone_statements
-- grain: one row per statement that is hidden: void itself, or said by a speaker who is
-- needs: seen.statements, forms.hidden_events, forms.statements_in_form, forms.gone_speakers
-- why: its reports, relations and assessments are hidden with it
select statement.statement_id
from seen.statements as statement
semi join forms.hidden_events using (position)
union
select statement.statement_id
from forms.statements_in_form as statement
semi join forms.gone_speakers using (speaker_id)
