-- view: gone_speakers
-- grain: one row per speaker whose creation is void
-- when: hides()
-- else: nothing
-- needs: forms.gone_itself
-- why: what hangs on it is hidden with it
select id as speaker_id
from forms.gone_itself
where noun = 'speaker'
