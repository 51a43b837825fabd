-- table: names, names_since
-- grain: one row per name and event that bears or makes it
-- needs: the schema facts
-- why: what a command names is found without reading a whole table: rows lie in the order of their
--      digests, so that DuckDB skips all blocks but one. Those of later merges lie beside them
create table facts.names (digest uinteger, position bigint);
create table facts.names_since (digest uinteger, position bigint);
