-- check: same_measure_twice
-- severity: warning
-- finds: a measure with the label of an earlier one, and the same unit, kind and definition
-- needs: forms.measures
-- why: numbers of two measures are never compared, so conflicts and series break in two
-- do: revise the estimates of one to be of the other, then void it; or tell the labels apart
with labelled as (
    select
        measure_id,
        position,
        label,
        unit,
        first_value(measure_id) over alike as first_id
    from forms.measures
    window alike as (
        partition by plain_name(label), lower(unit), kind, definition
        order by position
    )
)

select
    'measure/' || measure_id as subject,
    position,
    'The measure ' || brief(label) || coalesce(' (' || unit || ')', '') || ' is the same as'
        || ' measure/' || first_id || '.' as finding,
    'claims revise measure/' || measure_id
        || ' --set "label=…" --reason "…", or revise its estimates with --set measure_id='
        || first_id as way_out
from labelled
where measure_id <> first_id
