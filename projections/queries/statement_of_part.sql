-- query: statement_of_part
-- grain: one row per report or estimate of an id
-- needs: the id
-- why: a report or an estimate is shown with the statement that it belongs to
select statement_id from reports where report_id = $id
union
select statement_id from estimates where estimate_id = $id
