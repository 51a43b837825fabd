-- view: speakers
-- grain: one row per speaker, latest form
-- key: speaker_id
-- derived: canonical_id
-- brief: speaker_id, kind, name, aliases
-- needs: forms.speakers, forms.canonical_speakers
-- why: who makes statements, and who of them was judged to be one
select
    speaker.speaker_id,
    coalesce(canonical.canonical_id, speaker.speaker_id) as canonical_id,
    speaker.kind,
    speaker.name,
    speaker.aliases,
    speaker.identifiers,
    speaker.memberships,
    speaker.note,
    speaker.position,
    speaker.recorded_at,
    speaker.actor
from forms.speakers as speaker
left join forms.canonical_speakers as canonical using (speaker_id)
