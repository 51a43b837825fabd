-- query: report_one_sided
-- grain: one row per denial of a list that is told only by the other side
-- needs: a list of positions of relations
-- why: a denial that only its target tells of is marked as such; asked where there are denials, since
--      the view is long to plan
select position
from denials
where only_reported_by_other_side and list_contains($positions, position)
order by position
