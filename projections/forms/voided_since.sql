-- view: voided_since
-- grain: one row per event that a void of the tail names as a whole, and that made a thing
-- needs: tail_of('voids'), whole.events
-- why: what the table that keeps forms.voided_ever lacks; few positions are looked for, so that few
--      events are looked at
with targets as materialized (
    select distinct target as position from query_table(tail_of('voids')) where part is null
)

select position, subject
from whole.events
semi join targets using (position)
where redacted_by is null
    and type in (
        'claims.source.captured.v1', 'claims.speaker.registered.v1', 'claims.measure.defined.v1',
        'claims.statement.recorded.v1', 'claims.report.added.v1', 'claims.estimate.added.v1'
    )
