-- query: statements_ever
-- grain: one row per statement asked for that was ever recorded, void or not
-- needs: a list of statement ids
-- why: a statement that stands already is not new
select statement_id
from seen.statements
where list_contains($statements, statement_id)
