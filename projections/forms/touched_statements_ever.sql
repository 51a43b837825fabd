-- view: touched_statements_ever
-- grain: one row per touched statement, as recorded
-- needs: whole.statements, facts.touched
-- why: these lie scattered over the whole ledger, and views of everything look at each of them; what
--      they ask of them is kept as a table; as_of must be unset
select
    position,
    recorded_at,
    statement_id,
    speaker_id,
    alternatives,
    said_at,
    said_at_earliest,
    said_at_latest
from whole.statements
semi join facts.touched using (position)
