-- query: chart_moment
-- grain: one row: how many events there are, and when the last of them was recorded
-- needs: nothing
-- why: a picture says at which moment of the ledger it holds
select
    coalesce(max(position) + 1, 0) as size,
    max(recorded_at) as recorded_at
from seen.events
