-- view: every_mention
-- grain: one row per thing that events name, and the first position that names it
-- needs: the tables mentions, reports and estimates
-- why: of the many times that a thing is named, the first one says whether all are later than it
with links as (
    select position, unnest(via) as link from reports where via is not null
),

named as (
    from mentions
    union all by name
    select 'source' as noun, source_id as id, 'source_id' as field, min(position) as position
    from reports group by all
    union all by name
    select 'speaker' as noun, unnest(alternatives) as id, 'alternatives' as field, position
    from reports where alternatives is not null
    union all by name
    select 'speaker' as noun, link.speaker_id as id, 'via' as field, min(position) as position
    from links group by all
    union all by name
    select 'source' as noun, link.source_id as id, 'via' as field, min(position) as position
    from links group by all
    union all by name
    select 'measure' as noun, measure_id as id, 'measure_id' as field, min(position) as position
    from estimates group by all
    union all by name
    select 'report' as noun, report_id as id, 'report_id' as field, min(position) as position
    from estimates group by all
    union all by name
    select 'estimate' as noun, unnest(derived_from) as id, 'derived_from' as field, position
    from estimates where derived_from is not null
)

select noun, id, arg_min(field, position) as field, min(position) as position
from named
where id is not null
group by noun, id
