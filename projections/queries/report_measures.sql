-- query: report_measures
-- grain: one row per measure of a report
-- needs: a list of measure ids
-- why: says what the numbers are numbers of, and how many there are in all: a report may show some
with counted as (
    select measure_id, count(*) as estimates
    from estimates
    where list_contains($measures, measure_id)
    group by measure_id
)

select measure.*, counted.estimates
from measures as measure
join counted using (measure_id)
order by measure.position
