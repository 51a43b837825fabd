-- query: report_selection
-- grain: one row per statement that fits all that was asked for
-- needs: lists of ids (statements, speakers, measures) and of topics in lower case; an empty one asks
--        for nothing
-- why: a report is of what was asked for: each list widens by what it names, all of them together
--      narrow. A speaker stands for all that were judged the same, and for what was said together
with same as (
    select speaker_id
    from speakers
    where canonical_id in (
        select canonical_id from speakers where list_contains($speakers::varchar[], speaker_id)
    )
)

select statement_id
from statements
where (len($statements::varchar[]) = 0 or list_contains($statements::varchar[], statement_id))
    and (
        len($speakers::varchar[]) = 0
        or speaker_id in (from same)
        or list_has_any(co_speakers, $speakers::varchar[])
    )
    and (
        len($topics::varchar[]) = 0
        or list_has_any([lower(topic) for topic in topics], $topics::varchar[])
    )
    and (
        len($measures::varchar[]) = 0
        or statement_id in (
            select statement_id
            from estimates
            where list_contains($measures::varchar[], measure_id)
        )
    )
