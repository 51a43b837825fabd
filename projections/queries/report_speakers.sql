-- query: report_speakers
-- grain: one row per speaker of a list
-- needs: a list of speaker ids
-- why: whoever is named by an id is shown by name
select speaker_id, name, kind
from speakers
where list_contains($speakers, speaker_id)
order by speaker_id
