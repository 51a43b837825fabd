-- query: page_source_reports
-- grain: one row per report of a source, in the order in which their quotes stand in it
-- needs: the source
-- why: marks every quote in the text of its source
select
    report_id, statement_id, quote, quote_start, quote_end, quote_mode, anchor, attributed_to, position
from reports
where source_id = $source
order by quote_start nulls last, quote_end desc, report_id
