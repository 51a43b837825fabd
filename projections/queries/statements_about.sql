-- query: statements_about
-- grain: one row per statement by a speaker, found in a source, or with a number of a measure
-- needs: the id
-- why: shows a speaker, a source or a measure with what was recorded of it
select distinct
    statement.statement_id,
    statement.said_at,
    statement.speaker,
    statement.proposition,
    statement.said_at_earliest
from statements as statement
left join reports as report using (statement_id)
left join estimates as estimate using (statement_id)
where $id in (statement.speaker_id, report.source_id, estimate.measure_id)
order by statement.said_at_earliest nulls last, statement.statement_id
