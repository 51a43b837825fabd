-- view: hidden_ever
-- grain: one row per event, or part of one, and stretch of the log in which a void hides it
-- needs: whole.voids
-- why: a void counts unless a later void that counts hides it. Voids of one event, of these voids,
--      and so on, make a tree; after each of its voids the tree is folded from the newest to the
--      oldest, by which time the fate of each is known. Voids are few, and this is kept as a table
with recursive trees as (
    select position, recorded_at, target, part, target as root, part as root_part
    from whole.voids
    where target not in (select position from whole.voids)
    union all
    select void.position, void.recorded_at, void.target, void.part, tree.root, tree.root_part
    from whole.voids as void
    join trees as tree on void.target = tree.position
),

moments as (
    select
        moment.root,
        moment.root_part,
        moment.position as since,
        moment.recorded_at as since_at,
        list_reduce(
            list([void.position, void.target] order by void.position desc),
            lambda dead, void: if(list_contains(dead, void[1]), dead, list_append(dead, void[2])),
            cast([] as bigint[])
        ) as dead
    from trees as moment
    join trees as void
        on void.root = moment.root
        and void.root_part is not distinct from moment.root_part
        and void.position <= moment.position
    group by all
),

stretches as (
    select
        unnest(dead) as position,
        root,
        root_part,
        since,
        since_at,
        lead(since) over following as until,
        lead(since_at) over following as until_at
    from moments
    window following as (partition by root, root_part order by since)
)

select
    position,
    if(position = root, root_part, null) as part,
    since,
    since_at,
    until,
    until_at
from stretches
