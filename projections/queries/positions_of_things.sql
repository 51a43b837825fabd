-- query: positions_of_things
-- grain: one row per event that made or revised one of the things asked for
-- needs: a list of ids per noun
-- why: what a batch of commands names is looked up at once
select position from seen.sources
where source_id in (select unnest($source))
union
select position from seen.source_revisions
where source_id in (select unnest($source))
union
select position from seen.speakers
where speaker_id in (select unnest($speaker))
union
select position from seen.speaker_revisions
where speaker_id in (select unnest($speaker))
union
select position from seen.measures
where measure_id in (select unnest($measure))
union
select position from seen.measure_revisions
where measure_id in (select unnest($measure))
union
select position from seen.statements
where statement_id in (select unnest($statement))
union
select position from seen.statement_revisions
where statement_id in (select unnest($statement))
union
select position from seen.reports
where report_id in (select unnest($report))
union
select position from seen.report_revisions
where report_id in (select unnest($report))
union
select position from seen.estimates
where estimate_id in (select unnest($estimate))
union
select position from seen.estimate_revisions
where estimate_id in (select unnest($estimate))
