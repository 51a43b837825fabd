-- query: near_sought
-- grain: the temporary table near_sought: one row per statement sought and speaker it may be of
-- needs: the statements sought as JSON
-- why: what is about to be recorded is looked for by its speakers, its time and the beginnings of
--      its words. The search goes step by step, since one query of all takes long to plan
create or replace temp table near_sought as
select place, unnest(speakers) as voice, earliest, latest, beginnings
from (
    select unnest(
        from_json(
            $sought,
            '[{"place": "BIGINT", "speakers": ["VARCHAR"], "beginnings": ["VARCHAR"],
               "earliest": "DATE", "latest": "DATE"}]'
        ),
        max_depth := 2
    )
)
