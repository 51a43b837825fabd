-- export: measures
-- grain: one row per measure, latest form
-- key: measure_id
-- chosen: is_chosen('measure', measure_id)
-- needs: measures
-- why: what the numbers are numbers of
from measures
