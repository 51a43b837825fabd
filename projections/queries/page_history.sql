-- query: page_history
-- grain: one row per event about one of some subjects
-- needs: a list of subjects, and the position of the first event about any of them
-- why: what was recorded, revised and voided of a thing and its parts
select position, recorded_at, type, subject, actor, agent
from seen.events
where position >= $first and list_contains($subjects, subject)
order by position
