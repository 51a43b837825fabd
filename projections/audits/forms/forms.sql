-- view: forms
-- grain: one row per event and thing that it makes or revises; `part` is one that a statement
--        brought along
-- needs: the tables things, reports and estimates
-- why: every form that a thing ever had
select noun, id, position, revised, replaces, statement_id
from things
union all
select 'report', report_id, position, false, null, statement_id
from reports
where told = 'recorded'
union all
select 'estimate', estimate_id, position, false, null, statement_id
from estimates
where told = 'recorded'
