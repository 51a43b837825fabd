-- query: report_conflicts
-- grain: one row per conflict that an estimate of a report is part of, at most so many; first those
--        whose two sides both stand in it. `total` counts all
-- needs: lists of statement ids and of measure ids, and how many rows at most
-- why: the same as the view `conflicts`, which takes long where a measure has very many estimates: here
--      those of a few statements are held against the others
with numbers as materialized (
    select
        estimate_id,
        measure_id,
        measure as label,
        statement_id,
        source_id,
        speaker,
        claimed,
        reading(comparator, low, best, high) as reading,
        reference_period,
        coalesce(reference_period_earliest, '-infinity'::date) as first_day,
        coalesce(reference_period_latest, 'infinity'::date) as last_day,
        read_low(comparator, low, best) as low,
        read_high(comparator, best, high) as high,
        coalesce(low_inclusive, true) as low_inclusive,
        coalesce(high_inclusive, true) as high_inclusive
    from estimates_over_time
    where list_contains($measures, measure_id)
        and comparator <> 'unspecified'
        and coalesce(reference_period_earliest, reference_period_latest) is not null
),

own as materialized (
    from numbers
    where list_contains($statements, statement_id)
),

pairs as (
    select distinct
        least(own.estimate_id, other.estimate_id) as left_id,
        greatest(own.estimate_id, other.estimate_id) as right_id
    from own
    join numbers as other
        on other.measure_id = own.measure_id
        and other.first_day <= own.last_day
        and own.first_day <= other.last_day
        and (
            own.high < other.low
            or other.high < own.low
            or (own.high = other.low and not (own.high_inclusive and other.low_inclusive))
            or (other.high = own.low and not (other.high_inclusive and own.low_inclusive))
        )
        and not (own.statement_id = other.statement_id and own.source_id = other.source_id)
)

select
    l.measure_id,
    l.label,
    l.estimate_id as left_estimate_id,
    r.estimate_id as right_estimate_id,
    l.claimed as left_claimed,
    r.claimed as right_claimed,
    nullif(concat_ws('; ', l.reading, r.reading), '') as reading,
    l.reference_period as left_reference_period,
    r.reference_period as right_reference_period,
    l.statement_id as left_statement_id,
    r.statement_id as right_statement_id,
    l.speaker as left_speaker,
    r.speaker as right_speaker,
    count(*) over () as total
from pairs
join numbers as l on l.estimate_id = pairs.left_id
join numbers as r on r.estimate_id = pairs.right_id
order by
    list_has_all($statements, [l.statement_id, r.statement_id]) desc,
    left_estimate_id,
    right_estimate_id
limit $most
