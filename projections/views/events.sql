-- view: events
-- grain: one row per event
-- key: position
-- brief: position, type, subject, recorded_at, actor
-- needs: seen.events, forms.log_lines
-- why: the whole log, with each event's data as it stands in its line. Lines are read from the log
--      itself: where `position` is compared with a number, from the segments alone that may hold such
--      events, else from all. `seen.events` is the same without data, and reads no line. A segment
--      that is sealed in the very moment in which DuckDB lists the files may be read in neither
--      form: that is an error, never a null
select
    event.position,
    event.id,
    event.type,
    event.subject,
    event.recorded_at,
    event.actor,
    event.agent,
    if(
        line.position is null,
        error(
            'the line of event ' || event.position || ' was not found;'
            || ' if its segment was sealed meanwhile, ask again'
        ),
        line.data
    ) as data
from seen.events as event
left join forms.log_lines as line using (position)
