-- query: speakers_judged_the_same
-- grain: one row per speaker asked for and speaker judged the same
-- needs: a list of speaker ids
-- why: what one of them said, all of them said
with canonical as materialized (
    from forms.canonical_speakers
)

select asked.speaker_id, same.speaker_id as same_id
from canonical as asked
join canonical as same using (canonical_id)
where list_contains($speakers, asked.speaker_id)
