-- table: touched_statements
-- grain: one row per touched statement, as recorded
-- needs: facts.statements
-- why: what forms.touched_statements_ever gives, kept
create table facts.touched_statements as
select
    position,
    recorded_at,
    statement_id,
    speaker_id,
    alternatives,
    said_at,
    said_at_earliest,
    said_at_latest
from facts.statements
limit 0;
