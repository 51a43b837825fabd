-- query: subjects_of_statements
-- grain: one row per report and estimate that one of the statements asked for has, or once had
-- needs: a list of statement ids
-- why: to erase a statement is to erase what its reports quote and what its numbers say
select 'report/' || report_id as subject from whole.reports
where statement_id in (select unnest($statements))
union
select 'report/' || report_id from whole.report_revisions
where statement_id in (select unnest($statements))
union
select 'estimate/' || estimate_id from whole.estimates
where statement_id in (select unnest($statements))
union
select 'estimate/' || estimate_id from whole.estimate_revisions
where statement_id in (select unnest($statements))
