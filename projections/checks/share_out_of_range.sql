-- check: share_out_of_range
-- severity: error
-- finds: a number of a share that is below 0 or above 1, or above 100 where the unit is percent
-- needs: forms.estimates, forms.measures
-- why: a part is never more than the whole; 25% is recorded as 0.25
-- do: put the number right, or the kind of the measure
with shares as (
    select
        estimate.*,
        measure.label,
        1 / unit_power(measure.unit) as whole,
        list_filter([low, best, high], lambda number: number is not null) as numbers
    from forms.estimates as estimate
    join forms.measures as measure using (measure_id)
    where measure.kind = 'share'
)

select
    'estimate/' || estimate_id as subject,
    position,
    claimed(comparator, low, best, high) || ' is no share (' || brief(label)
        || '): it lies outside of 0 to ' || figure(whole) || '.' as finding,
    'claims revise estimate/' || estimate_id || ' --set "value=…%" --reason "…"' as way_out
from shares
where list_min(numbers) < 0 or list_max(numbers) > whole
