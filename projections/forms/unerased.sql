-- view: unerased
-- grain: one row per event that a redaction names and whose content is there all the same
-- needs: whole.redactions, whole.events
-- why: a redaction was on its way when the lines were read, or a view file is older than it: such
--      a file is of no use, and what it holds must not be shown
with named as (
    select position as redacted_by, unnest(positions) as position from whole.redactions
)

select event.position, max(named.redacted_by) as redacted_by
from whole.events as event
join named on named.position = event.position
where event.redacted_by is null
group by event.position
