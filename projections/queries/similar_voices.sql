-- query: similar_voices
-- grain: one row per speaker of several statements; for those judged the same, the first of them
-- needs: speakers (or null for all)
-- why: only statements of one speaker are compared, so that speakers can be taken part by part
with canonical as materialized (
    from forms.canonical_speakers
),

asked as (
    select coalesce(canonical_id, speaker_id) as voice
    from (select unnest($speakers::varchar[]) as speaker_id)
    left join canonical using (speaker_id)
),

named as (
    select
        position,
        unnest(list_distinct(list_concat([speaker_id], co_speakers, alternatives))) as speaker_id
    from forms.statements
)

select coalesce(canonical_id, speaker_id) as voice, count(distinct position) as statements
from named
left join canonical using (speaker_id)
where $speakers is null or voice in (from asked)
group by voice
having statements > 1
order by statements, voice
