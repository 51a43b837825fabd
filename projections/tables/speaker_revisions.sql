-- table: speaker_revisions
-- grain: one row per revision of a speaker
-- needs: incoming
-- why: corrections are few; a view lays them over the recorded rows
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
    data.note,
    data.replaces,
    data.reason,
    data.error
from incoming
where type = 'claims.speaker.revised.v1'
