-- view: hidden_now
-- grain: one row per event, or part of an event, that a void hides now
-- needs: hidden_table()
-- why: most questions are about now, and every one asks this many times over
select position, part
from query_table(hidden_table())
where until is null
