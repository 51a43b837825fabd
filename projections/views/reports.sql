-- view: reports
-- grain: one row per report, latest form
-- key: report_id
-- brief: report_id, statement_id, source_id, quote_mode, anchor, quote
-- needs: forms.reports
-- why: in which source and in which words a statement appears
select
    report_id,
    statement_id,
    source_id,
    quote,
    quote_start,
    quote_end,
    quote_prefix,
    quote_suffix,
    fragments,
    quote_mode,
    part,
    translated_from,
    media_fragment,
    attributed_to,
    attribution,
    alternatives,
    via,
    anchor,
    note,
    position,
    recorded_at,
    actor
from forms.reports
