-- view: touched_statements_ever
-- grain: one row per touched statement, as recorded
-- needs: whole.statements, facts.touched
-- why: these lie scattered over the whole ledger, and are looked at by every view of everything;
--      kept as a table; as_of must be unset
from whole.statements
semi join facts.touched using (position)
