-- view: events
-- grain: one row per event
-- key: position
-- brief: position, type, subject, recorded_at, actor
-- needs: seen.events, forms.log_lines
-- why: the whole log, with each event's data as it stands in its line
select
    event.position,
    event.id,
    event.type,
    event.subject,
    event.recorded_at,
    event.actor,
    event.agent,
    line.data
from seen.events as event
left join forms.log_lines as line using (position)
