-- view: gone_sources
-- grain: one row per source whose creation is void
-- needs: seen.sources, forms.hidden_events
-- why: what hangs on it is hidden with it
select source.source_id
from seen.sources as source
semi join forms.hidden_events using (position)
