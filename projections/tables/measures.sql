-- table: measures
-- grain: one row per measure, as first recorded
-- needs: incoming
-- why: what estimates are numbers of
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
    data.note
from incoming
where type = 'claims.measure.defined.v1'
