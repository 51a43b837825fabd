-- table: things
-- grain: one row per event and thing that it makes or revises, without the parts of a statement
-- needs: lines
-- why: what a reference may name, and which form counted when
select
    position,
    split_part(type, '.', 2) as noun,
    case split_part(type, '.', 2)
        when 'source' then data.source_id
        when 'speaker' then data.speaker_id
        when 'measure' then data.measure_id
        when 'statement' then data.statement_id
        when 'report' then data.report_id
        when 'estimate' then data.estimate_id
    end as id,
    if(split_part(type, '.', 2) in ('report', 'estimate'), data.statement_id, null) as statement_id,
    type like '%.revised.v1' as revised,
    data.replaces
from lines
where type in (
    'claims.source.captured.v1', 'claims.source.revised.v1',
    'claims.speaker.registered.v1', 'claims.speaker.revised.v1',
    'claims.measure.defined.v1', 'claims.measure.revised.v1',
    'claims.statement.recorded.v1', 'claims.statement.revised.v1',
    'claims.report.added.v1', 'claims.report.revised.v1',
    'claims.estimate.added.v1', 'claims.estimate.revised.v1'
)
    and subject is not null
