-- table: statement_revisions
-- grain: one row per revision of a statement
-- needs: incoming
-- why: corrections are few; a view lays them over the recorded rows
-- plain: statement_id, proposition, reason
select
    position,
    recorded_at,
    actor,
    data.statement_id,
    data.speaker_id,
    data.co_speakers,
    data.attribution,
    data.alternatives,
    data.on_behalf_of,
    data.citing,
    data.said_at.edtf as said_at,
    data.said_at.earliest as said_at_earliest,
    data.said_at.latest as said_at_latest,
    data.speech_act,
    data.proposition,
    data.language,
    data.venue,
    data.audience,
    data.topics,
    data.within,
    data.note,
    data.replaces,
    data.reason,
    data.error
from incoming
where type = 'claims.statement.revised.v1'
