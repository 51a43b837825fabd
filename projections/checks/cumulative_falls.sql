-- check: cumulative_falls
-- severity: warning
-- finds: a number of a cumulative measure that is less than that for the date before it, by the
--        same speaker in the same outlet
-- needs: forms.estimates, forms.measures, forms.statements, forms.reports, forms.sources,
--        forms.canonical_speakers, forms.speakers
-- why: what only adds up cannot fall. Either it was transcribed wrongly, on this date or the one
--      before, or the source took something back, or the measure is a stock
-- do: compare both with the source; revise ours, and leave what the source itself says
with numbers as (
    select
        estimate.measure_id,
        measure.label,
        coalesce(canonical.canonical_id, statement.speaker_id) as speaker_id,
        coalesce(source.publisher_id, source.source_id) as outlet,
        source.source_id,
        source.publisher_id,
        estimate.reference_period_latest as last_day,
        estimate.reference_period as period,
        coalesce(estimate.low, estimate.best) as low,
        coalesce(estimate.high, estimate.best) as high,
        estimate.estimate_id,
        estimate.position,
        claimed(estimate.comparator, estimate.low, estimate.best, estimate.high) as claimed
    from forms.estimates as estimate
    join forms.measures as measure using (measure_id)
    join forms.reports as report using (report_id)
    join forms.sources as source using (source_id)
    join forms.statements as statement on statement.statement_id = report.statement_id
    left join forms.canonical_speakers as canonical on canonical.speaker_id = statement.speaker_id
    where measure.kind = 'cumulative' and estimate.reference_period_latest is not null
),

-- Where a date has several numbers, those that leave most room.
dates as (
    select
        measure_id,
        label,
        speaker_id,
        outlet,
        last_day,
        any_value(source_id) as source_id,
        any_value(publisher_id) as publisher_id,
        min(low) as low,
        max(high) as high,
        arg_max(estimate_id, high) as estimate_id,
        arg_max(position, high) as position,
        arg_max(period, high) as period,
        arg_max(claimed, high) as claimed,
        arg_min(period, low) as low_period,
        arg_min(claimed, low) as low_claimed
    from numbers
    group by measure_id, label, speaker_id, outlet, last_day
),

falls as (
    select
        *,
        lag(low_claimed) over dated as earlier_claimed,
        lag(low_period) over dated as earlier_period
    from dates
    window dated as (partition by measure_id, speaker_id, outlet order by last_day)
    qualify high < lag(low) over dated
)

select
    'estimate/' || estimate_id as subject,
    falls.position,
    brief(label) || ' falls from ' || earlier_claimed || ' for ' || earlier_period || ' to '
        || claimed || ' for ' || period || ', though it is cumulative (' || speaker.name || ', in '
        || coalesce(publisher.name, 'source ' || source_id) || ').' as finding,
    'claims show estimate/' || estimate_id || '; if we misread it: claims revise estimate/'
        || estimate_id || ' --set "value=…" --reason "…"' as way_out
from falls
join forms.speakers as speaker on speaker.speaker_id = falls.speaker_id
left join forms.speakers as publisher on publisher.speaker_id = falls.publisher_id
