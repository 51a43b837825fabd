-- view: touched
-- grain: one row or more per statement, by its position, that may not be as it was first recorded
-- needs: facts.odd, forms.hangs, hidden_table(), tail_of('statements'), whole.source_revisions,
--        whole.sources, facts.told
-- why: what was revised, added, hidden or left in doubt at any moment, and what the tail has: views
--      look at these one by one, and take the others from the kept tables as they are. A statement
--      too many does no harm
with revised as (
    select source.position as source_no
    from whole.sources as source
    semi join whole.source_revisions using (source_id)
)

select position from facts.odd
union all
select first_position from forms.hangs
union all
select position from query_table(hidden_table())
union all
select position from query_table(tail_of('statements'))
union all
select told.position
from facts.told
semi join revised on revised.source_no = told.source_no
