-- query: report_reports
-- grain: one row per report of the statements of a report, in order of publication
-- needs: a list of statement ids
-- why: which outlets carried a statement, who first, and how many days later the others
select
    report.*,
    row_number() over publication as nth,
    date_diff(
        'day', first_value(source.published_earliest) over publication, source.published_earliest
    ) as lag_days,
    coalesce(
        first_value(source.published_earliest) over publication
            = first_value(source.published_latest) over publication,
        false
    ) as first_is_exact,
    coalesce(
        source.published_earliest > first_value(source.published_latest) over publication, false
    ) as is_later,
    report.source_id = first_value(report.source_id) over publication as is_first_source,
    count(distinct report.source_id) over (partition by report.statement_id) > 1 as several,
    source.publisher,
    source.title,
    source.language,
    source.published,
    source.published_earliest,
    source.published_latest,
    source.media_type,
    source.sha256,
    source.text_sha256
from reports as report
join sources as source using (source_id)
where list_contains($statements, report.statement_id)
window publication as (
    partition by report.statement_id
    order by source.published_earliest nulls last, report.position, report.report_id
)
order by report.statement_id, nth
