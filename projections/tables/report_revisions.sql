-- table: report_revisions
-- grain: one row per revision of a report
-- needs: incoming
-- why: corrections are few; a view lays them over the recorded rows
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
    data.note,
    data.replaces,
    data.reason,
    data.error
from incoming
where type = 'claims.report.revised.v1'
