-- query: chart_estimates_spans
-- grain: one row per span of time for which estimates of a measure were claimed; one without a span
--        for those that name no time
-- needs: the measure's id
-- why: where there are too many estimates to draw each. An estimate stands in the middle of the time
--      that it refers to, else of that at which it was said, else published. `least` and `greatest`
--      are of all bounds that were named, `middle` and the quarters of one number an estimate: the
--      best, else the bound that it names. How many bounds are open is counted beside
with estimates as materialized (
    select
        speaker_id,
        comparator,
        low,
        high,
        coalesce(best, low, high) as number,
        coalesce(
            reference_period_earliest, reference_period_latest, said_at_earliest, said_at_latest,
            published_earliest, published_latest
        ) as first_day,
        case
            when coalesce(reference_period_earliest, reference_period_latest) is not null
            then coalesce(reference_period_latest - reference_period_earliest, 0)
            when coalesce(said_at_earliest, said_at_latest) is not null
            then coalesce(said_at_latest - said_at_earliest, 0)
            else coalesce(published_latest - published_earliest, 0)
        end as days
    from estimates_over_time
    where measure_id = $measure
),

dated as materialized (
    select *, first_day + cast(days // 2 as integer) as day
    from estimates
),

totals as materialized (
    select
        count(distinct speaker_id) as speakers,
        case
            when max(day) - min(day) <= 62 then 'day'
            when max(day) - min(day) <= 5 * 366 then 'month'
            when max(day) - min(day) <= 15 * 366 then 'quarter'
            when max(day) - min(day) <= 120 * 366 then 'year'
            else 'decade'
        end as unit
    from dated
),

spans as (
    select
        totals.speakers as all_speakers,
        totals.unit,
        cast(date_trunc(totals.unit, dated.day) as date) as since,
        count(*) as claims,
        count(distinct dated.speaker_id) as speakers,
        least(min(dated.low), min(dated.number), min(dated.high)) as least,
        greatest(max(dated.low), max(dated.number), max(dated.high)) as greatest,
        quantile_cont(dated.number, 0.25) as lower_quarter,
        quantile_cont(dated.number, 0.5) as middle,
        quantile_cont(dated.number, 0.75) as upper_quarter,
        count(*) filter (dated.comparator in ('gt', 'ge')) as open_above,
        count(*) filter (dated.comparator in ('lt', 'le')) as open_below,
        count(*) filter (dated.comparator = 'unspecified') as without_figure
    from dated
    cross join totals
    group by all
)

select
    *,
    cast(
        since + case unit
            when 'day' then interval 1 day
            when 'month' then interval 1 month
            when 'quarter' then interval 3 months
            when 'year' then interval 1 year
            else interval 10 years
        end as date
    ) as before
from spans
order by since nulls last
