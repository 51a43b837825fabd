-- view: touched_ever
-- grain: one row per statement, by its position, that may not be as it was first recorded
-- needs: facts.odd, facts.hangs, facts.hidden, whole.source_revisions, whole.sources, facts.told
-- why: what was revised, added, hidden or left in doubt at any moment; facts.odd, hangs, hidden and
--      told must hold it. A statement too many does no harm. Kept as a table; as_of must be unset
with revised as (
    select source.position as source_no
    from whole.sources as source
    semi join whole.source_revisions using (source_id)
)

select position from facts.odd
union
select first_position from facts.hangs
union
select position
from facts.hidden
anti join facts.hangs using (position)
union
select told.position
from facts.told
semi join revised on revised.source_no = told.source_no
