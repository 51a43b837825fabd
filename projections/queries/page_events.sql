-- query: page_events
-- grain: one row per event below a position, the last ones first
-- needs: a position, and how many rows
-- why: the log as it was written
select position, recorded_at, type, subject, actor, agent
from seen.events
where position < $last and position >= $last - $limit
order by position desc
