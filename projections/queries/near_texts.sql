-- query: near_texts
-- grain: one row per pair in near_best, with the speakers whom both have, every text that the
--        statement there ever had, and all names that its speakers ever had
-- needs: near_best, near_voices
-- why: these are compared word by word. A text that has no source is a proposition
with best as materialized (
    select distinct statement_id from near_best
),

ours as materialized (
    select near_voices.* from near_voices semi join best using (statement_id)
),

texts as (
    select statement_id, words, source_id, attributed_to from ours where words is not null
    union
    select statement_id, quote, source_id, attributed_to
    from seen.reports
    semi join ours using (position)
    union
    select report.statement_id, report.quote, report.source_id, report.attributed_to
    from seen.report_revisions as report
    semi join best on best.statement_id = report.statement_id
),

told as (
    select
        statement_id,
        list({'source_id': source_id, 'words': words, 'attributed_to': attributed_to}) as texts
    from texts
    group by statement_id
),

voices as (
    select place, statement_id, list(distinct voice) as voices, list(distinct speaker_id) as speakers
    from ours
    group by place, statement_id
)

select place, statement_id, voices, speakers, texts
from near_best
join voices using (place, statement_id)
join told using (statement_id)
