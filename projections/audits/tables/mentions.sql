-- table: mentions
-- grain: one row per thing that events name, and the first position that names it
-- needs: lines
-- why: a reference points to something earlier where the first one does. What reports and estimates
--      name is told by their own tables
with named as (
    select 'speaker' as noun, data.speaker_id as id, 'speaker_id' as field, min(position) as position
    from lines where type <> 'claims.speaker.registered.v1' group by all
    union all
    select 'speaker', data.on_behalf_of, 'on_behalf_of', min(position) from lines group by all
    union all
    select 'speaker', data.publisher_id, 'publisher_id', min(position) from lines group by all
    union all
    select 'speaker', data."left", 'left', min(position) from lines group by all
    union all
    select 'speaker', data."right", 'right', min(position) from lines group by all
    union all
    select 'speaker', unnest(data.co_speakers) as id, 'co_speakers', position from lines
    union all
    select 'speaker', unnest(data.citing) as id, 'citing', position from lines
    union all
    select 'speaker', unnest(data.alternatives) as id, 'alternatives', position
    from lines where type like 'claims.statement.%'
    union all
    select 'source', data.version_of, 'version_of', min(position) from lines group by all
    union all
    select 'source', data.source_id, 'source_id', min(position)
    from lines where type in ('claims.source.revised.v1', 'claims.source.assessed.v1') group by all
    union all
    select 'measure', data.measure_id, 'measure_id', min(position)
    from lines where type = 'claims.measure.revised.v1' group by all
    union all
    select 'statement', data.statement_id, 'statement_id', min(position)
    from lines where type <> 'claims.statement.recorded.v1' group by all
    union all
    select 'statement', data.within, 'within', min(position) from lines group by all
    union all
    select 'statement', data."from", 'from', min(position)
    from lines where type = 'claims.statements.related.v1' group by all
    union all
    select 'statement', data."to", 'to', min(position)
    from lines where type = 'claims.statements.related.v1' group by all
    union all
    select 'report', data.report_id, 'report_id', min(position)
    from lines where type = 'claims.report.revised.v1' group by all
    union all
    select 'report', data.evidence.report_id, 'evidence.report_id', min(position)
    from lines group by all
    union all
    select 'source', data.evidence.source_id, 'evidence.source_id', min(position)
    from lines group by all
    union all
    select 'estimate', data.estimate_id, 'estimate_id', min(position)
    from lines where type = 'claims.estimate.revised.v1' group by all
)

select noun, id, arg_min(field, position) as field, min(position) as position
from named
where id is not null
group by noun, id
