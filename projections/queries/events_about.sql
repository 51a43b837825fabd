-- query: events_about
-- grain: one row per event about one of the things asked for that is not erased
-- needs: a list of subjects
-- why: what is erased of a thing is every event about it, voids among them
select position
from whole.events
where subject in (select unnest($subjects)) and redacted_by is null
order by position
