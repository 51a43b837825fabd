-- view: history
-- grain: one row per event and subject that it is about or whose id its data names
-- key: subject, position
-- brief: subject, position, recorded_at, actor, type, reason
-- needs: forms.subjects, seen.events, forms.log_lines
-- why: nothing is forgotten: what was recorded, revised and voided stands here for ever. A void
--      stands in the history of all that the event which it hides is about. What an erased event
--      was about is not known: it stands in `events` and `redactions`
select
    named.subject,
    event.position,
    event.recorded_at,
    event.actor,
    event.type,
    cast(line.data ->> '$.reason' as varchar) as reason,
    line.data
from forms.subjects as named
join seen.events as event using (position)
left join forms.log_lines as line using (position)
order by named.subject, event.position
