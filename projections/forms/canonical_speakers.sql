-- view: canonical_speakers
-- grain: one row per speaker who was judged the same as another
-- when: has('judgements')
-- else: nothing
-- needs: forms.judgements, seen.speakers
-- why: speakers judged the same count as the one of them who was registered first
with recursive same as materialized (
    select left_id, right_id from forms.judgements where judgement = 'same'
),

edges as (
    select left_id as speaker_id, right_id as neighbour_id from same
    union
    select right_id, left_id from same
),

reached as (
    select speaker_id, neighbour_id from edges
    union
    select reached.speaker_id, edges.neighbour_id
    from reached
    join edges on edges.speaker_id = reached.neighbour_id
)

select reached.speaker_id, arg_min(member.speaker_id, member.position) as canonical_id
from reached
join seen.speakers as member on member.speaker_id = reached.neighbour_id
group by reached.speaker_id
