-- view: measures
-- grain: one row per measure, latest form
-- key: measure_id
-- brief: measure_id, label, unit, kind, tags
-- needs: forms.measures
-- why: what the numbers are numbers of
select
    measure_id,
    label,
    unit,
    definition,
    kind,
    tags,
    note,
    position,
    recorded_at,
    actor
from forms.measures
