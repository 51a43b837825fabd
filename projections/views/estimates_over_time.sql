-- view: estimates_over_time
-- grain: one row per estimate, in order of its reference period
-- brief: reference_period, claimed, value_text, measure, speaker, said_at, publisher
-- key: estimate_id
-- needs: forms.gone_itself, forms.touched, seen.counted, forms.touched_estimates,
--        forms.touched_statements, forms.touched_reports, forms.measures_in_form,
--        forms.sources_in_form, forms.speakers_in_form, seen.measures, seen.speakers, seen.sources
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

-- As they came: nobody touched their statements since. NOT IN, since DuckDB may turn an anti join
-- round, and then carries all these columns through a hash table.
kept as (
    select counted.*, measure.label, measure.unit, measure.tags, speaker.name as speaker,
        publisher.name as publisher
    from seen.counted as counted
    join measures as measure on measure.measure_no = counted.measure_no
    join speakers as speaker on speaker.speaker_no = counted.speaker_no
    left join speakers as publisher on publisher.speaker_no = counted.publisher_no
    where counted.position not in (from touched)
        and counted.source_no not in (from gone_sources)
),

others as (
    select
        estimate.*,
        measure.label,
        measure.unit,
        measure.tags,
        statement.speaker_id,
        speaker.name as speaker,
        statement.said_at,
        statement.said_at_earliest,
        statement.said_at_latest,
        report.source_id,
        publisher.name as publisher,
        source.published,
        source.published_earliest,
        source.published_latest,
        report.quote,
        report.quote_mode
    from forms.touched_estimates as estimate
    anti join itself as own on own.noun = 'estimate' and own.id = estimate.estimate_id
    join measures as measure on measure.measure_id = estimate.measure_id
    join forms.touched_statements as statement on statement.statement_id = estimate.statement_id
    anti join itself as said on said.noun = 'statement' and said.id = statement.statement_id
    join forms.touched_reports as report on report.report_id = estimate.report_id
    anti join itself as telling on telling.noun = 'report' and telling.id = report.report_id
    join forms.sources_in_form as source on source.source_id = report.source_id
    anti join itself as gone on gone.noun = 'source' and gone.id = source.source_id
    join speakers as speaker on speaker.speaker_id = statement.speaker_id
    left join speakers as publisher on publisher.speaker_id = source.publisher_id
)

select
    reference_period,
    reference_period_earliest,
    reference_period_latest,
    measure_id,
    label as measure,
    unit,
    tags,
    claimed(comparator, low, best, high) as claimed,
    comparator,
    low,
    best,
    high,
    low_inclusive,
    high_inclusive,
    value_text,
    basis,
    speaker_id,
    speaker,
    said_at,
    said_at_earliest,
    said_at_latest,
    source_id,
    publisher,
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
from (
    from kept
    union all by name
    from others
)
order by
    reference_period_earliest nulls last,
    reference_period_latest nulls last,
    position,
    estimate_id
