-- view: statements
-- grain: one row per statement, latest form
-- key: statement_id
-- derived: speaker, revisions, retracted
-- brief: statement_id, speaker, said_at, speech_act, proposition
-- needs: seen.statement_revisions, forms.hidden_events, forms.relations, forms.statements,
--        forms.speakers_in_form
-- why: who said what and when; what a speaker says is a claim, never a fact
with revisions as (
    select statement_id, count(*) as revisions
    from seen.statement_revisions
    anti join forms.hidden_events using (position)
    group by statement_id
),

retractions as (
    select distinct to_id as statement_id
    from forms.relations
    where relation = 'retracts'
)

select
    statement.statement_id,
    statement.speaker_id,
    speaker.name as speaker,
    statement.co_speakers,
    statement.attribution,
    statement.alternatives,
    statement.on_behalf_of,
    statement.citing,
    statement.said_at,
    statement.said_at_earliest,
    statement.said_at_latest,
    statement.speech_act,
    statement.proposition,
    statement.language,
    statement.venue,
    statement.audience,
    statement.topics,
    statement.within,
    coalesce(revisions.revisions, 0) as revisions,
    retractions.statement_id is not null as retracted,
    statement.note,
    statement.position,
    statement.recorded_at,
    statement.actor
from forms.statements as statement
left join forms.speakers_in_form as speaker using (speaker_id)
left join revisions using (statement_id)
left join retractions using (statement_id)
