-- view: speakers_ever
-- grain: one row per speaker that was ever registered, void or not
-- needs: whole.speakers
-- why: whom forms.changed_speakers names where nothing that is kept tells of anybody
select speaker_id
from whole.speakers
