-- table: reports
-- grain: one row per report, as first recorded, with its statement or added to it later
-- needs: incoming
-- why: the appearances of statements in sources
-- plain: statement_id, report_id, quote, attributed_to
with nested as (
    select position, recorded_at, actor, data.statement_id, unnest(data.reports) as report
    from incoming
    where type = 'claims.statement.recorded.v1'
)

select
    position,
    recorded_at,
    actor,
    statement_id,
    report.report_id,
    report.source_id,
    report.quote.exact as quote,
    report.quote.prefix as quote_prefix,
    report.quote.suffix as quote_suffix,
    report.quote."start" as quote_start,
    report.quote."end" as quote_end,
    report.fragments,
    report.quote_mode,
    report.part,
    report.translated_from,
    report.media_fragment,
    report.attributed_to,
    report.attribution,
    report.alternatives,
    report.via,
    report.anchor,
    report.note
from nested
union all
select
    position,
    recorded_at,
    actor,
    data.statement_id,
    data.report_id,
    data.source_id,
    data.quote.exact as quote,
    data.quote.prefix as quote_prefix,
    data.quote.suffix as quote_suffix,
    data.quote."start" as quote_start,
    data.quote."end" as quote_end,
    data.fragments,
    data.quote_mode,
    data.part,
    data.translated_from,
    data.media_fragment,
    data.attributed_to,
    data.attribution,
    data.alternatives,
    data.via,
    data.anchor,
    data.note
from incoming
where type = 'claims.report.added.v1'
