-- view: conflicts
-- grain: one row per pair of estimates of one measure that cannot both be true
-- key: left_estimate_id, right_estimate_id
-- brief: measure_id, left_speaker, left_claimed, right_speaker, right_claimed, reading,
--        overlap_earliest, overlap_latest
-- needs: estimates_over_time
-- why: intervals, hedges included, that do not meet for periods that overlap. A number that is about
--      some figure is read as that figure ± 10 %, and `reading` says so; an open side is without
--      bound; a later period is an update, not a conflict. A number without any period speaks of no
--      known time, so it conflicts with none. What one source tells twice of one statement, as a
--      round figure in the headline, is no conflict; two sources that differ on one statement are.
--      Left is the one whose id comes first. Estimates that share measure and period are first taken
--      together, and only periods that overlap and in which some bounds lie apart are looked into,
--      so that many estimates which agree cost little
with bounded as materialized (
    select
        estimate_id,
        measure_id,
        coalesce(reference_period_earliest, '-infinity'::date) as first_day,
        coalesce(reference_period_latest, 'infinity'::date) as last_day,
        reference_period,
        reference_period_earliest,
        reference_period_latest,
        claimed,
        reading(comparator, low, best, high) as reading,
        comparator,
        read_low(comparator, low, best) as low,
        read_high(comparator, best, high) as high,
        coalesce(low_inclusive, true) as low_inclusive,
        coalesce(high_inclusive, true) as high_inclusive,
        value_text,
        statement_id,
        speaker_id,
        speaker,
        source_id
    from estimates_over_time
    where comparator <> 'unspecified'
        and coalesce(reference_period_earliest, reference_period_latest) is not null
),

spans as not materialized (
    select
        measure_id,
        first_day,
        last_day,
        min(high) as least_high,
        max(low) as greatest_low,
        bool_or(not (low_inclusive and high_inclusive)) as exclusive
    from bounded
    group by measure_id, first_day, last_day
),

-- Each with those that it meets, in a list: DuckDB does not turn joins round behind one, and would
-- pair all estimates of a measure first. What is asked of one measure goes down through all of this,
-- as long as nothing but `bounded` is materialized.
meeting as not materialized (
    select
        lower.measure_id,
        lower.first_day,
        lower.last_day,
        list({first_day: upper.first_day, last_day: upper.last_day}) as uppers
    from spans as lower
    join spans as upper
        on lower.measure_id = upper.measure_id
        and lower.first_day <= upper.last_day
        and upper.first_day <= lower.last_day
        and lower.least_high <= upper.greatest_low
        and (lower.least_high < upper.greatest_low or lower.exclusive or upper.exclusive)
    group by lower.measure_id, lower.first_day, lower.last_day
),

lowers as not materialized (
    select
        bounded.measure_id,
        bounded.estimate_id,
        bounded.high,
        bounded.high_inclusive,
        bounded.statement_id,
        bounded.source_id,
        unnest(meeting.uppers) as span
    from meeting
    join bounded using (measure_id, first_day, last_day)
),

apart as not materialized (
    select
        lower.measure_id,
        least(lower.estimate_id, upper.estimate_id) as left_id,
        greatest(lower.estimate_id, upper.estimate_id) as right_id
    from lowers as lower
    join bounded as upper
        on upper.measure_id = lower.measure_id
        and upper.first_day = lower.span.first_day
        and upper.last_day = lower.span.last_day
    where (
            lower.high < upper.low
            or (lower.high = upper.low and not (lower.high_inclusive and upper.low_inclusive))
        )
        and not (lower.statement_id = upper.statement_id and lower.source_id = upper.source_id)
)

select
    l.measure_id,
    l.estimate_id as left_estimate_id,
    r.estimate_id as right_estimate_id,
    l.claimed as left_claimed,
    r.claimed as right_claimed,
    nullif(concat_ws('; ', l.reading, r.reading), '') as reading,
    l.comparator as left_comparator,
    l.low as left_low,
    l.high as left_high,
    r.comparator as right_comparator,
    r.low as right_low,
    r.high as right_high,
    l.value_text as left_value_text,
    r.value_text as right_value_text,
    l.reference_period as left_reference_period,
    r.reference_period as right_reference_period,
    greatest(l.reference_period_earliest, r.reference_period_earliest) as overlap_earliest,
    least(l.reference_period_latest, r.reference_period_latest) as overlap_latest,
    l.statement_id as left_statement_id,
    r.statement_id as right_statement_id,
    l.speaker_id as left_speaker_id,
    r.speaker_id as right_speaker_id,
    l.speaker as left_speaker,
    r.speaker as right_speaker,
    l.source_id as left_source_id,
    r.source_id as right_source_id
from apart
join bounded as l on l.measure_id = apart.measure_id and l.estimate_id = apart.left_id
join bounded as r on r.measure_id = apart.measure_id and r.estimate_id = apart.right_id
order by left_estimate_id, right_estimate_id
