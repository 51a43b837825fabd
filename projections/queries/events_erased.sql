-- query: events_erased
-- grain: one row per event asked for whose content was erased
-- needs: a list of positions
-- why: what is erased is not erased again
select position, redacted_by
from whole.events
where position in (select unnest($positions)) and redacted_by is not null
order by position
