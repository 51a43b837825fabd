-- table: events
-- grain: one row per event
-- needs: incoming
-- why: the envelope of every line; the data stays in the log
select position, id, type, subject, recorded_at, actor, agent, key
from incoming
