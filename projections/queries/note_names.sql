-- query: note_names
-- grain: one row per name and event
-- needs: names as one text, a line each, and a list of their positions; a salt
-- why: kept as 16 bytes each, so that a stream of millions fits into memory
insert into memory.main.noted
select md5_number($salt || name), position
from (
    select
        unnest(string_split($names, chr(10))) as name,
        unnest(cast($positions as bigint[])) as position
)
