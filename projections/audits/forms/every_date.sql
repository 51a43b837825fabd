-- view: every_date
-- grain: one row per date as it is written, with its bounds and the first event that has it so
-- needs: the tables dates, reports and estimates
-- why: the bounds of a date follow from its text, so each needs to be read only once
with told as (
    select position, unnest(via)."on" as day from reports where via is not null
    union all
    select position, reference_period from estimates
),

named as (
    select edtf, earliest, latest, position from dates
    union all
    select day.edtf, day.earliest, day.latest, min(position)
    from told
    where day is not null
    group by all
)

select edtf, earliest, latest, min(position) as position
from named
group by all
