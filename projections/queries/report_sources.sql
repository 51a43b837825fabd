-- query: report_sources
-- grain: one row per source of a report, in order of publication
-- needs: a list of source ids
-- why: the documents that a report rests on, with the hash by which each is known
select *
from sources
where list_contains($sources, source_id)
order by published_earliest nulls last, position
