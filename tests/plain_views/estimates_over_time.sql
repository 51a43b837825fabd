-- estimates_over_time as it was first written: everything is joined by ids, and nothing is kept.
-- tests/test_views_recorded.py holds the view to it
with itself as materialized (
    from forms.gone_itself
),

speakers as materialized (
    select speaker_id, name
    from forms.speakers_in_form
    anti join itself on itself.noun = 'speaker' and itself.id = speaker_id
)

select
    estimate.reference_period,
    estimate.reference_period_earliest,
    estimate.reference_period_latest,
    estimate.measure_id,
    measure.label as measure,
    measure.unit,
    measure.tags,
    claimed(estimate.comparator, estimate.low, estimate.best, estimate.high) as claimed,
    estimate.comparator,
    estimate.low,
    estimate.best,
    estimate.high,
    estimate.low_inclusive,
    estimate.high_inclusive,
    estimate.value_text,
    estimate.basis,
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
    report.quote_mode,
    estimate.estimate_id,
    estimate.report_id,
    estimate.statement_id,
    estimate.position,
    estimate.recorded_at,
    estimate.actor
from forms.estimates_in_form as estimate
anti join itself as own on own.noun = 'estimate' and own.id = estimate.estimate_id
join forms.measures_in_form as measure on measure.measure_id = estimate.measure_id
anti join itself as counted on counted.noun = 'measure' and counted.id = measure.measure_id
join forms.statements_in_form as statement on statement.statement_id = estimate.statement_id
anti join itself as said on said.noun = 'statement' and said.id = statement.statement_id
join forms.reports_in_form as report on report.report_id = estimate.report_id
anti join itself as telling on telling.noun = 'report' and telling.id = report.report_id
join forms.sources_in_form as source on source.source_id = report.source_id
anti join itself as gone on gone.noun = 'source' and gone.id = source.source_id
join speakers as speaker on speaker.speaker_id = statement.speaker_id
left join speakers as publisher on publisher.speaker_id = source.publisher_id
order by
    estimate.reference_period_earliest nulls last,
    estimate.reference_period_latest nulls last,
    estimate.position,
    estimate.estimate_id
