-- view: conflicts
-- grain: one row per pair of estimates of one measure that cannot both be true
-- brief: measure_id, left_speaker, left_low, left_high, right_speaker, right_low, right_high
-- needs: forms.estimates, forms.statements_in_form, forms.reports_in_form, forms.speakers_in_form
-- why: intervals, hedges included, that do not meet for periods that overlap; a number that is
--      about some figure is read as that figure ± 10 %, an open side as without bound, and a
--      later period is an update, not a conflict
with bounded as materialized (
    select
        estimate.estimate_id,
        estimate.measure_id,
        estimate.reference_period_earliest as period_start,
        estimate.reference_period_latest as period_end,
        estimate.comparator,
        case estimate.comparator
            when 'about' then least(estimate.best * 0.9, estimate.best * 1.1)
            else coalesce(estimate.low, '-infinity'::double)
        end as low,
        case estimate.comparator
            when 'about' then greatest(estimate.best * 0.9, estimate.best * 1.1)
            else coalesce(estimate.high, 'infinity'::double)
        end as high,
        coalesce(estimate.low_inclusive, true) as low_inclusive,
        coalesce(estimate.high_inclusive, true) as high_inclusive,
        speaker.name as speaker,
        report.source_id,
        estimate.position
    from forms.estimates as estimate
    join forms.statements_in_form as statement using (statement_id)
    join forms.reports_in_form as report using (report_id)
    left join forms.speakers_in_form as speaker on speaker.speaker_id = statement.speaker_id
    where estimate.comparator <> 'unspecified'
),

apart as (
    select l, r
    from bounded as l
    join bounded as r
        on l.measure_id = r.measure_id
        and (l.position, l.estimate_id) < (r.position, r.estimate_id)
        and l.period_start <= r.period_end
        and r.period_start <= l.period_end
    where l.high < r.low
        or r.high < l.low
        or (l.high = r.low and not (l.high_inclusive and r.low_inclusive))
        or (r.high = l.low and not (r.high_inclusive and l.low_inclusive))
)

select
    l.measure_id,
    l.estimate_id as left_estimate_id,
    r.estimate_id as right_estimate_id,
    l.comparator as left_comparator,
    l.low as left_low,
    l.high as left_high,
    r.comparator as right_comparator,
    r.low as right_low,
    r.high as right_high,
    l.speaker as left_speaker,
    r.speaker as right_speaker,
    l.source_id as left_source_id,
    r.source_id as right_source_id
from apart
order by left_estimate_id, right_estimate_id
