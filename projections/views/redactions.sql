-- view: redactions
-- grain: one row per event whose content was erased
-- key: target
-- brief: target, type, authority, reason, position, actor
-- needs: seen.redactions, seen.events
-- why: what was erased, on whose authority and why; of the event itself its place, its time and its
--      type are left, and the leaf hash by which the rest of the log is still proven
with named as (
    select *, unnest(positions) as target
    from seen.redactions
),

latest as (
    select *
    from named
    qualify row_number() over (partition by target order by position desc) = 1
)

select
    latest.target,
    event.type,
    event.recorded_at as target_recorded_at,
    latest.authority,
    latest.reason,
    latest.note,
    latest.documents,
    latest.position,
    latest.recorded_at,
    latest.actor
from latest
join seen.events as event on event.position = latest.target
