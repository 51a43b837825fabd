-- query: report_recorders
-- grain: one row per recorder of the events of a list, the one with most events first
-- needs: a list of positions
-- why: says who recorded what a report shows, and whether a person, an importer or a model did
select actor, agent, count(*) as events, min(recorded_at) as first_at, max(recorded_at) as last_at
from seen.events
where list_contains($positions, position)
group by actor, agent
order by events desc, actor, agent
