-- view: conflicts
-- grain: one row per pair of estimates of one measure that cannot both be true
-- key: left_estimate_id, right_estimate_id
-- brief: measure_id, left_speaker, left_claimed, right_speaker, right_claimed, reading,
--        overlap_earliest, overlap_latest
-- needs: forms.gone_itself, forms.estimates_in_form, forms.statements_in_form,
--        forms.reports_in_form, forms.speakers_in_form
-- why: intervals, hedges included, that do not meet for periods that overlap. A number that is about
--      some figure is read as that figure ± 10 %, and `reading` says so; an open side is without
--      bound; a later period is an update, not a conflict. A number without any period speaks of no
--      known time, so it conflicts with none. What one source tells twice of one statement, as a
--      round figure in the headline, is no conflict; two sources that differ on one statement are.
--      Left is the one whose id comes first. Estimates that share measure and period are first taken
--      together, and only periods that overlap and in which some bounds lie apart are looked into,
--      so that many estimates which agree cost little
with itself as materialized (
    from forms.gone_itself
),

bounded as materialized (
    select
        estimate.estimate_id,
        estimate.measure_id,
        coalesce(estimate.reference_period_earliest, '-infinity'::date) as first_day,
        coalesce(estimate.reference_period_latest, 'infinity'::date) as last_day,
        estimate.reference_period,
        estimate.reference_period_earliest,
        estimate.reference_period_latest,
        claimed(estimate.comparator, estimate.low, estimate.best, estimate.high) as claimed,
        reading(estimate.comparator, estimate.low, estimate.best, estimate.high) as reading,
        estimate.comparator,
        read_low(estimate.comparator, estimate.low, estimate.best) as low,
        read_high(estimate.comparator, estimate.best, estimate.high) as high,
        coalesce(estimate.low_inclusive, true) as low_inclusive,
        coalesce(estimate.high_inclusive, true) as high_inclusive,
        estimate.value_text,
        estimate.statement_id,
        statement.speaker_id,
        speaker.name as speaker,
        report.source_id
    from forms.estimates_in_form as estimate
    anti join itself as own on own.noun = 'estimate' and own.id = estimate.estimate_id
    anti join itself as measure on measure.noun = 'measure' and measure.id = estimate.measure_id
    join forms.reports_in_form as report on report.report_id = estimate.report_id
    anti join itself as telling on telling.noun = 'report' and telling.id = report.report_id
    anti join itself as source on source.noun = 'source' and source.id = report.source_id
    join forms.statements_in_form as statement on statement.statement_id = report.statement_id
    anti join itself as said on said.noun = 'statement' and said.id = statement.statement_id
    join forms.speakers_in_form as speaker on speaker.speaker_id = statement.speaker_id
    anti join itself as sayer on sayer.noun = 'speaker' and sayer.id = speaker.speaker_id
    where estimate.comparator <> 'unspecified'
        and coalesce(estimate.reference_period_earliest, estimate.reference_period_latest)
            is not null
),

spans as materialized (
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

meeting as materialized (
    select
        lower.measure_id,
        lower.first_day as lower_first,
        lower.last_day as lower_last,
        upper.first_day as upper_first,
        upper.last_day as upper_last
    from spans as lower
    join spans as upper
        on lower.measure_id = upper.measure_id
        and lower.first_day <= upper.last_day
        and upper.first_day <= lower.last_day
        and lower.least_high <= upper.greatest_low
        and (lower.least_high < upper.greatest_low or lower.exclusive or upper.exclusive)
),

apart as materialized (
    select
        least(lower.estimate_id, upper.estimate_id) as left_id,
        greatest(lower.estimate_id, upper.estimate_id) as right_id
    from meeting
    join bounded as lower
        on lower.measure_id = meeting.measure_id
        and lower.first_day = meeting.lower_first
        and lower.last_day = meeting.lower_last
    join bounded as upper
        on upper.measure_id = meeting.measure_id
        and upper.first_day = meeting.upper_first
        and upper.last_day = meeting.upper_last
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
join bounded as l on l.estimate_id = apart.left_id
join bounded as r on r.estimate_id = apart.right_id
order by left_estimate_id, right_estimate_id
