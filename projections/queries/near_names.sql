-- query: near_names
-- grain: one row per speaker asked for and form that it ever had
-- needs: a list of speakers
-- why: names do not tell the statements of one speaker apart
select speaker_id, list_concat([name], aliases) from seen.speakers where speaker_id = any($speakers)
union all
select speaker_id, list_concat([name], aliases)
from seen.speaker_revisions
where speaker_id = any($speakers)
