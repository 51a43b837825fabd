-- view: statements
-- grain: one row per statement that is not hidden, in its latest form
-- needs: forms.statements_in_form, forms.gone_statements
-- why: the statements that count
from forms.statements_in_form
anti join forms.gone_statements using (statement_id)
