-- table: events
-- grain: one row per event
-- needs: incoming
-- why: the envelope of every line; the data stays in the log. Of an event whose content was erased,
--      redacted_by is the position of the event that says so
-- plain: id, subject, key
select
    position,
    id,
    written_type as type,
    subject,
    recorded_at,
    actor,
    agent,
    key,
    data.redacted_by
from incoming
