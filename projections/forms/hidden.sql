-- view: hidden
-- grain: one row per event, or part of an event, that a void hides
-- needs: seen.voids
-- why: a void counts unless a later void that counts hides it; voids of voids are rare, so only
--      these are folded, from the newest to the oldest, by which time their own fate is known
with voids as materialized (
    select position, target, part from seen.voids
),

chained as (
    select coalesce(list([position, target] order by position desc), []) as links
    from voids
    where target in (select position from voids)
),

folded as (
    select list_reduce(
        links,
        lambda dead, void: if(list_contains(dead, void[1]), dead, list_append(dead, void[2])),
        cast([] as bigint[])
    ) as dead_voids
    from chained
)

select distinct voids.target as position, voids.part
from voids, folded
where not list_contains(folded.dead_voids, voids.position)
