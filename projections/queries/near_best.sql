-- query: near_best
-- grain: the temporary table near_best: one row per statement sought and statement that holds
--        beginnings of its words
-- needs: near_sought, near_voices, a pattern that one of the beginnings has in a text, accents or
--        not, the share of words that must be there, and how many statements are compared with one
-- why: beginnings are looked for as pieces of text: to take apart every text into its words takes
--      several times as long, and a piece too many only leads to a comparison too many. To take
--      the accents off a text takes longer than all the rest, so most are left out before
create or replace temp table near_best as
with texts as (
    select statement_id, words from near_voices
    union all
    select statement_id, quote
    from seen.reports
    semi join near_voices using (position)
    union all
    select report.statement_id, report.quote
    from seen.report_revisions as report
    semi join near_voices as its on its.statement_id = report.statement_id
),

folded as (
    select statement_id, lower(strip_accents(words)) as words
    from texts
    where regexp_matches(lower(words), $pattern)
),

pairs as (
    select distinct near_voices.place, near_voices.statement_id, mine.beginnings
    from near_voices
    join near_sought as mine using (place, voice)
),

marked as (
    select
        place,
        statement_id,
        beginnings,
        words,
        list_filter(beginnings, lambda beginning: contains(words, beginning)) as marks
    from folded
    join pairs using (statement_id)
)

select
    place,
    statement_id,
    len(list_distinct(flatten(list(marks)))) as shared,
    len(any_value(beginnings)) as length,
    sum(len(words) - len(replace(words, ' ', '')) + 1) as there
from marked
where marks <> []
group by place, statement_id
having shared > 1 and shared >= $share * least(length, there)
qualify row_number() over (partition by place order by shared desc, statement_id) <= $most
