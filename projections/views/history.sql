-- view: history
-- grain: one row per event and subject that it is about or whose id its data names
-- brief: subject, position, recorded_at, actor, type, reason
-- needs: seen.events, forms.mentions, forms.log_lines
-- why: nothing is forgotten: what was recorded, revised and voided stands here for ever
with named as (
    select position, subject from seen.events
    union
    select position, subject from forms.mentions
)

select
    named.subject,
    event.position,
    event.recorded_at,
    event.actor,
    event.type,
    cast(line.data ->> '$.reason' as varchar) as reason,
    line.data
from named
join seen.events as event using (position)
left join forms.log_lines as line using (position)
order by named.subject, event.position
