-- view: erased
-- grain: one row per thing that events name though the event that made it is erased
-- needs: erased_table()
-- why: what is erased, and what hangs on it, counts at no moment
select noun, id
from query_table(erased_table())
