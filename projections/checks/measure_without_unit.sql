-- check: measure_without_unit
-- severity: note
-- finds: a measure that numbers are recorded of, and that does not say in which unit
-- needs: forms.measures, forms.estimates
-- why: numbers in unknown units cannot be compared
-- do: say the unit: people, vehicles, tonnes, US dollars
select
    'measure/' || measure.measure_id as subject,
    measure.position,
    'The measure ' || brief(measure.label) || ' has no unit; numbers recorded of it: '
        || figure(counted.numbers) || '.' as finding,
    'claims revise measure/' || measure.measure_id || ' --set unit=… --reason "…"' as way_out
from forms.measures as measure
join (
    select measure_id, count(*) as numbers from forms.estimates group by measure_id
) as counted using (measure_id)
where measure.unit is null and measure.kind is distinct from 'share'
