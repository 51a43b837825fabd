-- view: claims_by_speaker
-- grain: one row per speaker; speakers judged the same are one
-- brief: speaker, statements, reports, sources, estimates, first_said, last_said, denied, retracted
-- needs: forms.reports, forms.estimates, forms.relations, forms.statements,
--        forms.canonical_speakers, forms.speakers
-- why: who claims how much, where it was found, and how much of it is denied or retracted
with reported as (
    select
        statement_id,
        count(*) as reports,
        list(distinct source_id) as sources
    from forms.reports
    group by statement_id
),

counted as (
    select statement_id, count(*) as estimates
    from forms.estimates
    group by statement_id
),

answered as (
    select
        to_id as statement_id,
        bool_or(relation = 'denies') as denied,
        bool_or(relation = 'retracts') as retracted
    from forms.relations
    where relation in ('denies', 'retracts')
    group by to_id
),

told as (
    select
        coalesce(canonical.canonical_id, statement.speaker_id) as speaker_id,
        count(*) as statements,
        sum(coalesce(reported.reports, 0)) as reports,
        len(list_distinct(flatten(list(reported.sources)))) as sources,
        sum(coalesce(counted.estimates, 0)) as estimates,
        min(statement.said_at_earliest) as first_said,
        max(statement.said_at_latest) as last_said,
        count(*) filter (answered.denied) as denied,
        count(*) filter (answered.retracted) as retracted
    from forms.statements as statement
    left join forms.canonical_speakers as canonical using (speaker_id)
    left join reported using (statement_id)
    left join counted using (statement_id)
    left join answered using (statement_id)
    group by all
)

select
    told.speaker_id,
    speaker.name as speaker,
    told.statements,
    cast(told.reports as bigint) as reports,
    cast(coalesce(told.sources, 0) as bigint) as sources,
    cast(told.estimates as bigint) as estimates,
    told.first_said,
    told.last_said,
    told.denied,
    told.retracted
from told
left join forms.speakers as speaker using (speaker_id)
order by told.statements desc, told.speaker_id
