-- table: judgements
-- grain: one row per judgement on two speakers
-- needs: incoming
-- why: identity is a reversible judgement
select
    position,
    recorded_at,
    actor,
    data."left" as left_id,
    data."right" as right_id,
    data.judgement,
    data.reason,
    data.note
from incoming
where type = 'claims.speakers.judged.v1'
