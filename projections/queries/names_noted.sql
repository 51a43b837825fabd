-- query: names_noted
-- grain: one row per name asked for and event of this stream that bears or makes it
-- needs: names as one text, a line each; a salt; the table memory.main.noted
-- why: the views do not know yet what was appended since they were opened
select name, position
from (select unnest(string_split($names, chr(10))) as name)
join memory.main.noted on digest = md5_number($salt || name)
