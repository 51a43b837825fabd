-- table: statements
-- grain: one row per statement, as first recorded
-- needs: incoming
-- why: the speech acts; their reports and estimates have tables of their own
-- plain: statement_id, proposition
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
    data.note
from incoming
where type = 'claims.statement.recorded.v1'
