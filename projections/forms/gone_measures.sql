-- view: gone_measures
-- grain: one row per measure whose creation is void
-- needs: seen.measures, forms.hidden_events
-- why: what hangs on it is hidden with it
select measure.measure_id
from seen.measures as measure
semi join forms.hidden_events using (position)
