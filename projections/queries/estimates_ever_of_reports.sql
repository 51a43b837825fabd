-- query: estimates_ever_of_reports
-- grain: one row per estimate that one of the reports asked for claims, or once claimed
-- needs: a list of report ids
-- why: a number that a sheet no longer mentions is known by its report
select estimate_id from seen.estimates
where report_id in (select unnest($reports))
union
select estimate_id from seen.estimate_revisions
where report_id in (select unnest($reports))
