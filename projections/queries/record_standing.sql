-- query: record_standing
-- grain: one row per report of a source whose quote shares words with a stretch of its text
-- needs: the source, and the stretch in code points, half-open
-- why: who is about to record words should see what is recorded in the same words already
with beside as (
    select report_id, statement_id, quote_start
    from reports
    where source_id = $source
        and quote_start < $last
        and quote_end > $first
)

select beside.report_id, beside.statement_id, statement.speaker, statement.said_at, statement.proposition
from beside
inner join statements as statement using (statement_id)
order by beside.quote_start, beside.report_id
