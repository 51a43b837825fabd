-- view: estimates_over_time
-- grain: one row per estimate, in order of its reference period
-- brief: reference_period, claimed, value_text, measure, speaker, said_at, publisher
-- needs: forms.estimates, forms.measures_in_form, forms.statements_in_form,
--        forms.reports_in_form, forms.sources_in_form, forms.speakers_in_form, forms.speakers
-- why: which numbers were claimed for which time, by whom, as reported where, in which words
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
from forms.estimates as estimate
join forms.measures_in_form as measure using (measure_id)
join forms.statements_in_form as statement using (statement_id)
join forms.reports_in_form as report using (report_id)
join forms.sources_in_form as source on source.source_id = report.source_id
join forms.speakers_in_form as speaker on speaker.speaker_id = statement.speaker_id
left join forms.speakers as publisher on publisher.speaker_id = source.publisher_id
order by
    estimate.reference_period_earliest nulls last,
    estimate.reference_period_latest nulls last,
    estimate.position,
    estimate.estimate_id
