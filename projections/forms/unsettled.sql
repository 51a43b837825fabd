-- view: unsettled
-- grain: one row or more per statement, by its position, of which facts.settled may not tell all
-- needs: forms.touched, facts.totals, forms.reaching, forms.statements_of_tail
-- why: all that were touched, where nothing is kept, another moment is looked at, or the tail has
--      an event that reaches far; else those of the tail, and those that it touched
select position
from forms.touched
where
    not looks_at_now()
    or not exists (from facts.totals)
    or exists (from forms.reaching)
union all
select position from forms.statements_of_tail
