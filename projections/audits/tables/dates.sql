-- table: dates
-- grain: one row per date as it is written, with its bounds and the first event that has it so
-- needs: lines
-- why: the bounds of a date follow from its text, so each needs to be read only once
with said as (
    select position, unnest([data.said_at, data.published]) as day
    from lines
    where data.said_at is not null or data.published is not null
    union all
    select position, unnest([membership."from", membership."to"])
    from (select position, unnest(data.memberships) as membership from lines)
)

select day.edtf, day.earliest, day.latest, min(position) as position
from said
where day is not null
group by all
