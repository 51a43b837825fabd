-- query: reports_of_statements
-- grain: one row per report of one of the statements asked for
-- needs: a list of statement ids
-- why: a number that is added may leave its report open when there is one
select report_id from whole.reports
where statement_id in (select unnest($statements))
