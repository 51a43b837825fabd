-- view: later
-- grain: one row per event of the tail about a statement that was recorded before it
-- needs: tail_of()
-- why: facts.hangs lacks them; they are kept with the tail. Of a denial or retraction, the statement
--      is the one that is denied or retracted
select position, statement_id from query_table(tail_of('statement_revisions'))
union all
select position, statement_id from query_table(tail_of('report_revisions'))
union all
select position, statement_id from query_table(tail_of('estimate_revisions'))
union all
select position, statement_id
from query_table(tail_of('reports'))
anti join query_table(tail_of('statements')) as own using (position)
union all
select position, statement_id
from query_table(tail_of('estimates'))
anti join query_table(tail_of('statements')) as own using (position)
union all
select position, to_id
from query_table(tail_of('relations'))
where relation in ('denies', 'retracts')
