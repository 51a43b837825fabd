-- view: statements_as_recorded
-- grain: one row per statement, as it was first recorded
-- needs: seen.statements
-- why: what forms.statements_in_form gives where none was revised
select *, position as first_position
from seen.statements
