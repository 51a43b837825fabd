-- table: voids
-- grain: one row per void
-- needs: incoming
-- why: what counts no longer; a void can be void itself
select
    position,
    recorded_at,
    actor,
    data.position as target,
    data.part,
    data.reason,
    data.note
from incoming
where type = 'claims.record.voided.v1'
