-- query: statement_reports
-- grain: one row per report of a statement, in order of publication
-- needs: the statement's id
-- why: shows a statement with every place in which it was found
select
    report.report_id,
    report.source_id,
    coalesce(source.publisher, source.title, source.source_id) as outlet,
    source.title,
    source.published,
    source.published_earliest,
    source.published_latest,
    source.url,
    source.language,
    source.publisher_id,
    report.quote,
    report.quote_start,
    report.quote_end,
    report.quote_mode,
    report.part,
    report.attributed_to,
    report.anchor,
    report.via,
    report.note,
    report.position,
    report.recorded_at,
    source.media_type,
    source.sha256,
    source.text_sha256
from reports as report
join sources as source using (source_id)
where report.statement_id = $statement
order by source.published_earliest nulls last, report.position, report.report_id
