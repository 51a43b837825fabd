-- check: scale_slip
-- severity: warning
-- finds: two numbers of one speaker for one measure and period, a thousand or a million times apart
-- needs: forms.estimates, forms.measures, forms.statements, forms.canonical_speakers
-- why: that far apart one of them most likely counts in another unit, such as thousands
-- do: look at the words of both; put the number right, or define a measure of its own for the unit
with numbers as materialized (
    select
        estimate.estimate_id,
        estimate.measure_id,
        estimate.position,
        estimate.reference_period,
        coalesce(canonical.canonical_id, statement.speaker_id) as speaker_id,
        claimed(estimate.comparator, estimate.low, estimate.best, estimate.high) as claimed,
        coalesce(estimate.best, estimate.low, estimate.high) as number
    from forms.estimates as estimate
    join forms.statements as statement using (statement_id)
    left join forms.canonical_speakers as canonical using (speaker_id)
    where estimate.reference_period is not null
        and coalesce(estimate.best, estimate.low, estimate.high) > 0
),

-- Numbers within about a tenth of each other share a step; a thousand times is 72 steps.
stepped as (
    select *, cast(round(24 * log10(number)) as bigint) as step
    from numbers
    semi join (
        select measure_id, speaker_id, reference_period
        from numbers
        group by all
        having max(number) >= 990 * min(number)
    ) as apart using (measure_id, speaker_id, reference_period)
),

sought as (
    select *, unnest([71, 72, 73, 143, 144, 145]) as further from stepped
)

select
    'estimate/' || large.estimate_id as subject,
    large.position,
    large.claimed || ' here, ' || small.claimed || ' in estimate/' || small.estimate_id
        || ': the same speaker, measure (' || brief(measure.label)
        || coalesce(', in ' || measure.unit, '')
        || ') and period (' || large.reference_period || '), '
        || if(large.number < 1e5 * small.number, 'a thousand', 'a million') || ' times apart.'
        as finding,
    'claims show estimate/' || small.estimate_id || '; then claims revise the one that slipped'
        as way_out
from sought as small
join stepped as large
    on large.measure_id = small.measure_id
    and large.speaker_id = small.speaker_id
    and large.reference_period = small.reference_period
    and large.step = small.step + small.further
join forms.measures as measure on measure.measure_id = large.measure_id
where large.number between 990 * small.number and 1010 * small.number
    or large.number between 990000 * small.number and 1010000 * small.number
