-- query: page_speakers
-- grain: one row per speaker, those who claim most first
-- needs: how many rows, and how many to pass over
-- why: who claims how much
select
    speaker_id, speaker, statements, reports, sources, estimates, first_said, last_said, denied,
    retracted
from claims_by_speaker
order by statements desc, speaker_id
limit $limit
offset $skip
