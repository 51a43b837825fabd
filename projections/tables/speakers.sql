-- table: speakers
-- grain: one row per speaker, as first recorded
-- needs: incoming
-- why: who makes statements
select
    position,
    recorded_at,
    actor,
    data.speaker_id,
    data.kind,
    data.name,
    data.aliases,
    data.identifiers,
    data.memberships,
    data.note
from incoming
where type = 'claims.speaker.registered.v1'
