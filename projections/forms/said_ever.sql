-- view: said_ever
-- grain: one row per statement, as first recorded
-- needs: whole.statements, whole.speakers
-- why: who is said to have said how much, without a text: a thing's number is the position of the
--      event that made it. The number is null where that event is erased. This joins all
--      statements, and is kept as a table; as_of must be unset
select
    statement.position,
    statement.recorded_at,
    speaker.position as speaker_no,
    statement.said_at_earliest,
    statement.said_at_latest
from whole.statements as statement
left join whole.speakers as speaker using (speaker_id)
