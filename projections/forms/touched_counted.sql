-- view: touched_counted
-- grain: one row per estimate of a statement of forms.unsettled, in its latest form, unless it, its
--        report or its statement is void
-- needs: forms.gone_itself, forms.unsettled, forms.unsettled_events, forms.touched_estimates,
--        seen.measures, forms.touched_statements, forms.touched_reports, forms.sources_in_form,
--        seen.sources, seen.speakers
-- why: what facts.counted tells of others, by the same numbers
with itself as materialized (
    from forms.gone_itself
),

places as materialized (
    from forms.unsettled_events
),

-- Where everything is settled, DuckDB sees at these that there is nothing to join.
statements as (
    from forms.touched_statements
    semi join forms.unsettled as unsettled
        on unsettled.position = touched_statements.first_position
),

reports as materialized (
    from forms.touched_reports
    semi join places using (position)
),

cited as materialized (
    select source_id, position as source_no
    from seen.sources
    semi join reports using (source_id)
),

sources as (
    from forms.sources_in_form
    join cited using (source_id)
)

select
    estimate.position,
    estimate.recorded_at,
    estimate.actor,
    estimate.statement_id,
    estimate.estimate_id,
    estimate.report_id,
    estimate.measure_id,
    measure.position as measure_no,
    estimate.comparator,
    estimate.low,
    estimate.best,
    estimate.high,
    estimate.low_inclusive,
    estimate.high_inclusive,
    estimate.value_text,
    estimate.reference_period,
    estimate.reference_period_earliest,
    estimate.reference_period_latest,
    estimate.basis,
    statement.speaker_id,
    speaker.position as speaker_no,
    statement.said_at,
    statement.said_at_earliest,
    statement.said_at_latest,
    report.source_id,
    source.source_no,
    publisher.position as publisher_no,
    source.published,
    source.published_earliest,
    source.published_latest,
    report.quote,
    report.quote_mode,
    claimed(estimate.comparator, estimate.low, estimate.best, estimate.high) as claimed
from forms.touched_estimates as estimate
semi join places on places.position = estimate.position
anti join itself as own on own.noun = 'estimate' and own.id = estimate.estimate_id
join seen.measures as measure on measure.measure_id = estimate.measure_id
join statements as statement on statement.statement_id = estimate.statement_id
anti join itself as said on said.noun = 'statement' and said.id = statement.statement_id
join reports as report on report.report_id = estimate.report_id
anti join itself as telling on telling.noun = 'report' and telling.id = report.report_id
join sources as source on source.source_id = report.source_id
join seen.speakers as speaker on speaker.speaker_id = statement.speaker_id
left join seen.speakers as publisher on publisher.speaker_id = source.publisher_id
