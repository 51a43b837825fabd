-- query: chart_spread
-- grain: one row per report of a statement, in order of publication
-- needs: the statement's id
-- why: who told it first, who told it again and how much later, and from whom each has it: reports
--      that go back to one primary source (the first of the chain, else the publisher, else the
--      source itself) are echoes of it
with told as materialized (
    select
        report.report_id,
        report.source_id,
        report.quote,
        report.quote_mode,
        report.attributed_to,
        report.via,
        report.position,
        source.publisher_id,
        coalesce(source.publisher, source.title, source.source_id) as outlet,
        source.title,
        source.published,
        source.published_earliest,
        source.published_latest
    from reports as report
    join sources as source on source.source_id = report.source_id
    where report.statement_id = $statement
),

steps as (
    select
        step.report_id,
        list(
            {
                speaker_id: step.via.speaker_id,
                source_id: step.via.source_id,
                name: coalesce(
                    speaker.name, source.title, step.via.speaker_id, step.via.source_id
                )
            }
            order by step.place
        ) as chain
    from (
        select report_id, unnest(via) as via, generate_subscripts(via, 1) as place
        from told
    ) as step
    left join speakers as speaker on speaker.speaker_id = step.via.speaker_id
    left join sources as source on source.source_id = step.via.source_id
    group by step.report_id
)

select
    told.* exclude (via),
    coalesce(steps.chain, []) as chain,
    coalesce(steps.chain[1].name, told.outlet) as primary_source,
    row_number() over publication as nth,
    date_diff(
        'day', first_value(told.published_earliest) over publication, told.published_earliest
    ) as lag_days,
    coalesce(
        told.published_earliest = told.published_latest
        and first_value(told.published_earliest) over publication
            = first_value(told.published_latest) over publication,
        false
    ) as exact
from told
left join steps on steps.report_id = told.report_id
window publication as (
    order by told.published_earliest nulls last, told.position, told.report_id
)
order by nth
