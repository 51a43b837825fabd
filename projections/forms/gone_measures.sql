-- view: gone_measures
-- grain: one row per measure whose creation is void
-- when: hides()
-- else: nothing
-- needs: forms.gone_itself
-- why: what hangs on it is hidden with it
select id as measure_id
from forms.gone_itself
where noun = 'measure'
