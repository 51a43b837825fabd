-- view: speakers
-- grain: one row per speaker that is not hidden, in its latest form
-- needs: forms.speakers_in_form, forms.gone_speakers
-- why: the speakers that count
from forms.speakers_in_form
anti join forms.gone_speakers using (speaker_id)
