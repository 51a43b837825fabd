-- view: dated
-- grain: one row per estimate of forms.unsettled_counted, with names
-- needs: forms.gone_itself, forms.unsettled_counted, forms.measures_in_form, forms.speakers_in_form,
--        seen.measures, seen.speakers, seen.sources
-- why: what estimates_over_time gives of these, in no order
with itself as materialized (
    from forms.gone_itself
),

-- A thing's number is the position of the event that made it.
speakers as materialized (
    select speaker.speaker_id, speaker.name, registered.position as speaker_no
    from forms.speakers_in_form as speaker
    anti join itself on itself.noun = 'speaker' and itself.id = speaker.speaker_id
    join seen.speakers as registered on registered.speaker_id = speaker.speaker_id
),

measures as materialized (
    select
        measure.measure_id,
        measure.label,
        measure.unit,
        measure.tags,
        defined.position as measure_no
    from forms.measures_in_form as measure
    anti join itself on itself.noun = 'measure' and itself.id = measure.measure_id
    join seen.measures as defined on defined.measure_id = measure.measure_id
),

gone_sources as materialized (
    select source.position as source_no
    from seen.sources as source
    semi join itself on itself.noun = 'source' and itself.id = source.source_id
)

select
    reference_period,
    reference_period_earliest,
    reference_period_latest,
    estimate.measure_id,
    measure.label as measure,
    measure.unit,
    measure.tags,
    claimed,
    comparator,
    low,
    best,
    high,
    low_inclusive,
    high_inclusive,
    value_text,
    basis,
    estimate.speaker_id,
    speaker.name as speaker,
    said_at,
    said_at_earliest,
    said_at_latest,
    source_id,
    publisher.name as publisher,
    published,
    published_earliest,
    published_latest,
    quote,
    quote_mode,
    estimate_id,
    report_id,
    statement_id,
    position,
    recorded_at,
    actor
from forms.unsettled_counted as estimate
join measures as measure on measure.measure_no = estimate.measure_no
join speakers as speaker on speaker.speaker_no = estimate.speaker_no
left join speakers as publisher on publisher.speaker_no = estimate.publisher_no
where estimate.source_no not in (from gone_sources)
