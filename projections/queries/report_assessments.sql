-- query: report_assessments
-- grain: one row per assessment of a statement or of a source of a report
-- needs: lists of statement ids and of source ids
-- why: how third parties rate what was said, and where it was found; the ledger itself rates nothing
select *
from assessments
where list_contains($statements, statement_id) or list_contains($sources, source_id)
order by position
