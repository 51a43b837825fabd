-- query: reports_ever_in_sources
-- grain: one row per report that stands, or once stood, in one of the sources asked for
-- needs: a list of source ids
-- why: what a sheet no longer mentions is known by what the ledger holds of its source
select report_id, statement_id from seen.reports
where source_id in (select unnest($sources))
union
select report_id, statement_id from seen.report_revisions
where source_id in (select unnest($sources))
