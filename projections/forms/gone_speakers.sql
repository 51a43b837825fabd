-- view: gone_speakers
-- grain: one row per speaker whose creation is void
-- needs: seen.speakers, forms.hidden_events
-- why: what hangs on it is hidden with it
select speaker.speaker_id
from seen.speakers as speaker
semi join forms.hidden_events using (position)
