-- view: unsettled
-- grain: one row or more per statement, by its position, of which facts.dated may not tell all
-- needs: forms.touched, dated_stands(), forms.statements_of_tail
-- why: all that were touched, where nothing is kept, another moment is looked at, or the tail has
--      an event that reaches far; else those of the tail, and those that it touched
select position
from forms.touched
where not dated_stands()
union all
select position
from forms.statements_of_tail
