-- query: page_statements_named
-- grain: one row per statement of some ids that was recorded within a stretch of the log
-- needs: a list of ids, and a stretch of positions
-- why: what the reports of a source tell. Most were recorded with their statements, one after the
--      other, so that a short stretch holds them
select statement_id, speaker_id, speaker, said_at, proposition
from statements
where position between $first and $last
    and list_contains($ids, statement_id)
