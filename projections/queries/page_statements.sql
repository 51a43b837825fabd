-- query: page_statements
-- grain: one row per statement within a stretch of the log, those recorded last first
-- needs: a stretch of positions, how many rows, and a speaker, a topic and a speech act, or null
-- why: the newest that match are found without looking at all
select
    statement_id,
    speaker_id,
    speaker,
    said_at,
    speech_act,
    proposition,
    attribution,
    within,
    retracted,
    revisions,
    topics,
    position,
    recorded_at
from statements
where position >= $first
    and position < $last
    and ($speaker is null or speaker_id = $speaker)
    and ($topic is null or list_contains(topics, $topic))
    and ($act is null or speech_act = $act)
order by position desc
limit $limit
