-- view: gone_sources
-- grain: one row per source whose creation is void
-- when: hides()
-- else: nothing
-- needs: forms.gone_itself
-- why: what hangs on it is hidden with it
select id as source_id
from forms.gone_itself
where noun = 'source'
