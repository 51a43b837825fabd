-- view: statements_of_tail
-- grain: one row or more per statement that the tail has, or has an event about
-- when: has_tail('statements') or has('later')
-- else: nothing
-- needs: tail_of(), whole.statements, later_table()
-- why: of what is kept of other statements, the tail changes nothing. The ids of statements are read
--      only where the tail has an event about one
select position, statement_id
from query_table(tail_of('statements'))
union all
select position, statement_id
from whole.statements
semi join query_table(later_table()) as later using (statement_id)
