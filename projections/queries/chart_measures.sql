-- query: chart_measures
-- grain: one row per measure that has estimates, the one with most first
-- needs: nothing
-- why: says of which measures there is something to draw
select measure.measure_id, measure.label, count(*) as estimates
from forms.estimates as estimate
join measures as measure on measure.measure_id = estimate.measure_id
group by measure.measure_id, measure.label
order by estimates desc, measure.measure_id
