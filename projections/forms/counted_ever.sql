-- view: counted_ever
-- grain: one row per estimate that was recorded with its statement
-- needs: whole.estimates, whole.statements, whole.reports, whole.sources, whole.speakers,
--        whole.measures, facts.said
-- why: the numbers, with what was said and told of each, by numbers as in forms.said_ever; facts.said
--      must hold it. Where a thing is erased there is no row. This joins all estimates, and is kept
--      as a table; as_of must be unset. Rows that lie in the order of estimates_over_time are sorted
--      for it in two thirds of the time
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
    said.speaker_no,
    statement.said_at,
    statement.said_at_earliest,
    statement.said_at_latest,
    report.source_id,
    source.position as source_no,
    publisher.position as publisher_no,
    source.published,
    source.published_earliest,
    source.published_latest,
    report.quote,
    report.quote_mode,
    claimed(estimate.comparator, estimate.low, estimate.best, estimate.high) as claimed
from whole.estimates as estimate
join facts.said as said using (position)
join whole.statements as statement using (position)
join whole.reports as report
    on report.position = estimate.position and report.report_id = estimate.report_id
join whole.sources as source on source.source_id = report.source_id
join whole.measures as measure on measure.measure_id = estimate.measure_id
left join whole.speakers as publisher on publisher.speaker_id = source.publisher_id
where said.speaker_no is not null
order by
    estimate.reference_period_earliest nulls last,
    estimate.reference_period_latest nulls last,
    estimate.position
