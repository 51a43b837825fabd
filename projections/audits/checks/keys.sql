-- check: keys
-- grain: one row per event that bears a key a second time
-- needs: the table events
-- why: a command that was given before writes nothing, so a key stands on one event
with twice as (
    select key, min(position) as first
    from events
    where key is not null
    group by key
    having count(*) > 1
)

select
    event.position,
    'the key of a command' as what,
    'one that no earlier event bears' as expected,
    key || ', which stands on position ' || twice.first as found
from events as event
join twice using (key)
qualify row_number() over (partition by key order by event.position) > 1
