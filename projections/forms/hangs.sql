-- view: hangs
-- grain: one row per event about a statement that was recorded before it
-- when: has('later')
-- else: facts.hangs
-- needs: facts.hangs, later_table(), whole.statements
-- why: what is kept of forms.hangs_ever, and what the tail adds to it: the ids of statements are
--      read only where the tail has such an event
select position, first_position from facts.hangs
union all
select later.position, statement.position
from query_table(later_table()) as later
join whole.statements as statement using (statement_id)
