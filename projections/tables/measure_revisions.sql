-- table: measure_revisions
-- grain: one row per revision of a measure
-- needs: incoming
-- why: corrections are few; a view lays them over the recorded rows
select
    position,
    recorded_at,
    actor,
    data.measure_id,
    data.label,
    data.unit,
    data.definition,
    data.kind,
    data.tags,
    data.note,
    data.replaces,
    data.reason,
    data.error
from incoming
where type = 'claims.measure.revised.v1'
