-- query: page_conflict_counts
-- grain: one row per measure that has conflicts
-- needs: nothing
-- why: which numbers are disputed
select measure_id, count(*) as pairs
from conflicts
group by measure_id
