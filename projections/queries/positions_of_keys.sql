-- query: positions_of_keys
-- grain: one row per key asked for that an event bears
-- needs: a list of keys
-- why: a command that was given before makes nothing
select key, position from whole.events
where key in (select unnest($keys))
