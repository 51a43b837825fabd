-- query: history_of
-- grain: one row per line, in the order of the log
-- needs: a subject, the positions of its events, and their lines
-- why: what the view history gives of it
select
    $subject as subject,
    event.position,
    event.recorded_at,
    event.actor,
    event.type,
    cast(line.data ->> '$.reason' as varchar) as reason,
    line.data
from (
    select unnest($positions) as position, json_extract(unnest($lines), '$.data') as data
) as line
join seen.events as event using (position)
order by event.position
