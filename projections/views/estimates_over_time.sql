-- view: estimates_over_time
-- grain: one row per estimate, in order of its reference period
-- brief: reference_period, claimed, value_text, measure, speaker, said_at, publisher
-- key: estimate_id
-- needs: facts.dated, in_order(), dated_stands(), forms.unsettled_events, forms.gone_itself,
--        forms.touched, seen.counted, forms.touched_counted, forms.measures_in_form,
--        forms.speakers_in_form, seen.measures, seen.speakers, seen.sources
-- why: which numbers were claimed for which time, by whom, as reported where, in which words
with itself as materialized (
    from forms.gone_itself
),

touched as materialized (
    from forms.touched
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
),

estimates as (
    -- As they came: nobody touched their statements since. NOT IN, since DuckDB may turn an anti
    -- join round, and then carries all these columns through a hash table.
    from seen.counted as counted
    where not dated_stands() and counted.position not in (from touched)
    union all
    from forms.touched_counted
)

-- One of these two is empty. DuckDB keeps the order of the other one's rows.
from facts.dated
where in_order()
union all
from (
    from facts.dated
    where dated_stands() and not in_order() and position not in (from forms.unsettled_events)
    union all
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
    from estimates as estimate
    join measures as measure on measure.measure_no = estimate.measure_no
    join speakers as speaker on speaker.speaker_no = estimate.speaker_no
    left join speakers as publisher on publisher.speaker_no = estimate.publisher_no
    where estimate.source_no not in (from gone_sources) and not in_order()
    order by
        reference_period_earliest nulls last,
        reference_period_latest nulls last,
        position,
        estimate_id
)
