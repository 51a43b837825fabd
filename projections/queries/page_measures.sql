-- query: page_measures
-- grain: one row per measure, those with the most estimates first
-- needs: nothing
-- why: what numbers are claimed of, and how many. Numbers of armed people come first among equals
with counted as (
    select
        measure_id,
        count(*) as estimates,
        min(reference_period_earliest) as first_period,
        max(reference_period_latest) as last_period
    from estimates
    group by measure_id
)

select
    measure.measure_id,
    measure.label,
    measure.unit,
    measure.kind,
    measure.definition,
    measure.tags,
    coalesce(counted.estimates, 0) as estimates,
    counted.first_period,
    counted.last_period
from measures as measure
left join counted using (measure_id)
order by coalesce(list_contains(measure.tags, 'militant-count'), false) desc, estimates desc, measure.measure_id
