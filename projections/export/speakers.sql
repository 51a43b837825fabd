-- export: speakers
-- grain: one row per speaker, latest form
-- key: speaker_id
-- chosen: is_chosen('speaker', speaker_id)
-- needs: speakers
-- why: who makes statements
from speakers
