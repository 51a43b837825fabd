-- query: chart_speakers
-- grain: one row per speaker and span of time in which the speaker said something; one without a
--        span for what has no date
-- needs: how many speakers at most
-- why: who said how much when. Speakers judged the same are one; a statement stands in the middle of
--      the days on which it may have been said. Spans are as long as the whole time asks for.
--      Statements that somebody touched since are looked at one by one; the others count as they came
with itself as materialized (
    from forms.gone_itself
),

touched as materialized (
    from forms.touched
),

speakers as materialized (
    select
        speaker.speaker_id,
        coalesce(canonical.canonical_id, speaker.speaker_id) as canonical_id,
        speaker.name,
        registered.position as speaker_no,
        min(registered.position) over (
            partition by coalesce(canonical.canonical_id, speaker.speaker_id)
        ) as number
    from forms.speakers_in_form as speaker
    anti join itself on itself.noun = 'speaker' and itself.id = speaker.speaker_id
    join seen.speakers as registered on registered.speaker_id = speaker.speaker_id
    left join forms.canonical_speakers as canonical
        on canonical.speaker_id = speaker.speaker_id
),

said as materialized (
    select speaker.number, said_at_earliest as earliest, said_at_latest as latest, count(*) as n
    from seen.said as said
    anti join touched on touched.position = said.position
    join speakers as speaker on speaker.speaker_no = said.speaker_no
    group by all
    union all
    select speaker.number, said_at_earliest, said_at_latest, count(*)
    from forms.touched_statements as statement
    anti join itself on itself.noun = 'statement' and itself.id = statement.statement_id
    join speakers as speaker on speaker.speaker_id = statement.speaker_id
    group by all
),

most as materialized (
    select number, sum(n) as statements, count(*) over () as speakers
    from said
    group by number
    order by statements desc, number
    limit $most
),

dated as materialized (
    select
        said.number,
        coalesce(earliest, latest) + cast(coalesce(latest - earliest, 0) // 2 as integer) as day,
        n
    from said
    semi join most on most.number = said.number
),

span as materialized (
    select
        case
            when max(day) - min(day) <= 62 then 'day'
            when max(day) - min(day) <= 5 * 366 then 'month'
            when max(day) - min(day) <= 15 * 366 then 'quarter'
            when max(day) - min(day) <= 120 * 366 then 'year'
            else 'decade'
        end as unit
    from dated
),

counted as (
    select
        dated.number,
        span.unit,
        cast(date_trunc(span.unit, dated.day) as date) as since,
        sum(dated.n) as statements
    from dated
    cross join span
    group by all
)

select
    first.canonical_id as speaker_id,
    first.name as speaker,
    cast(most.statements as bigint) as total,
    most.speakers,
    counted.unit,
    counted.since,
    cast(
        counted.since + case counted.unit
            when 'day' then interval 1 day
            when 'month' then interval 1 month
            when 'quarter' then interval 3 months
            when 'year' then interval 1 year
            else interval 10 years
        end as date
    ) as before,
    cast(counted.statements as bigint) as statements
from most
join speakers as first on first.speaker_no = most.number
join counted on counted.number = most.number
order by most.statements desc, most.number, counted.since nulls last
