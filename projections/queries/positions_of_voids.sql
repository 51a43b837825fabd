-- query: positions_of_voids
-- grain: one row per void of one of the events asked for
-- needs: a list of positions
-- why: what is void is not revised, and what is not is not reinstated
select position from whole.voids
where target in (select unnest($targets))
