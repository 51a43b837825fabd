-- export: claims
-- grain: one row per report, with its statement, its source and its numbers
-- key: report_id
-- chosen: is_chosen('statement', statement_id)
-- claims: proposition
-- needs: reports, statements, sources, speakers, estimates, measures
-- why: one flat table for a spreadsheet, which `claims import csv` reads again. A number stands in
--      columns of its own where the report claims one; several stand together in `numbers`
with numbers as (
    select
        estimate.report_id,
        count(*) as count,
        any_value(measure.label) as measure,
        any_value(measure.unit) as unit,
        any_value(estimate.claimed) as claimed,
        any_value(estimate.comparator) as comparator,
        any_value(estimate.value_text) as value_text,
        any_value(estimate.reference_period) as reference_period,
        string_agg(
            measure.label || ': ' || estimate.claimed
                || coalesce(' (' || estimate.reference_period || ')', ''),
            '; ' order by estimate.position, estimate.estimate_id
        ) as listed
    from estimates as estimate
    join measures as measure using (measure_id)
    group by estimate.report_id
)

select
    statement.speaker,
    speaker.kind as speaker_kind,
    statement.said_at,
    statement.speech_act,
    statement.proposition,
    report.quote,
    report.quote_mode,
    report.attributed_to,
    case when numbers.count = 1 and numbers.comparator != 'unspecified' then numbers.claimed end
        as "value",
    case when numbers.count = 1 then numbers.value_text end as value_text,
    case when numbers.count = 1 then numbers.measure end as measure,
    case when numbers.count = 1 then numbers.unit end as unit,
    case when numbers.count = 1 then numbers.reference_period end as reference_period,
    numbers.listed as numbers_claimed,
    source.title,
    source.publisher,
    source.published,
    source.url,
    array_to_string(statement.topics, '; ') as topics,
    statement.language,
    statement.venue,
    statement.note,
    statement.retracted,
    statement.statement_id,
    report.report_id,
    report.source_id,
    report.position,
    report.recorded_at
from reports as report
join statements as statement using (statement_id)
left join speakers as speaker using (speaker_id)
left join sources as source using (source_id)
left join numbers using (report_id)
