-- query: page_ticks
-- grain: one row per place along the time line: a size, and when the ledger had it
-- needs: how many events lie between two places, and the size of the whole log
-- why: the slider says the time of the moment that it stands on. It reaches to the head, whatever
--      moment is looked at
select position + 1 as size, recorded_at
from whole.events
where position % $step = 0 or position = $head - 1
order by position
