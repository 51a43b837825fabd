-- view: unsettled_counted
-- grain: one row per estimate of which facts.dated may not tell, in its latest form
-- when: not dated_stands()
-- else: forms.touched_counted
-- needs: seen.counted, forms.touched, forms.touched_counted
-- why: where facts.dated tells of none, all of them; of statements that nobody touched since, as
--      they came. NOT IN, since DuckDB may turn an anti join round, and then carries all these
--      columns through a hash table
with touched as materialized (
    from forms.touched
)

from seen.counted
where position not in (from touched)
union all
from forms.touched_counted
