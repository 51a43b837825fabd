-- view: speakers_in_form
-- grain: one row per speaker in its latest form, void or not
-- when: has('speaker_revisions')
-- else: seen.speakers
-- needs: seen.speaker_revisions, forms.hidden_events, seen.speakers
-- why: the recorded rows without the few that were revised, and those as they are now
with latest as materialized (
    select *
    from seen.speaker_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by speaker_id order by position desc) = 1
)

from seen.speakers
anti join latest using (speaker_id)
union all by name
from latest
