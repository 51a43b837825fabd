-- view: unsettled
-- grain: one row or more per statement, by its position, of which facts.dated may not tell all
-- when: dated_stands()
-- else: forms.touched
-- needs: forms.statements_of_tail
-- why: those of the tail, and those that it touched; but all that were touched, where nothing is
--      kept, another moment is looked at, or the tail has an event that reaches far
select position
from forms.statements_of_tail
