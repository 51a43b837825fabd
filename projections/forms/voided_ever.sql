-- view: voided_ever
-- grain: one row per event that a void names as a whole, and that made a thing
-- needs: whole.voids, whole.events
-- why: what hangs on a thing is hidden with it. This looks through all events, and is kept as a table;
--      as_of must be unset
with targets as materialized (
    select distinct target as position from whole.voids where part is null
)

select position, subject
from whole.events
semi join targets using (position)
where redacted_by is null
    and type in (
        'claims.source.captured.v1', 'claims.speaker.registered.v1', 'claims.measure.defined.v1',
        'claims.statement.recorded.v1', 'claims.report.added.v1', 'claims.estimate.added.v1'
    )
