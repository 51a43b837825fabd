-- query: similar_to
-- grain: one row per statement sought and statement there that may be the same utterance, with the
--        speaker whom both have
-- needs: the statements sought as JSON, days apart, a pattern of words, those that do not count,
--        the share of words that must be there, and how many statements are compared with one
-- why: few statements are compared word by word: those of the same speaker, of about the same
--      time, which share beginnings of words. All forms that a statement ever had lead to it, also
--      void ones, since the forms that count take longer to find; the caller looks at those
with sought as materialized (
    select unnest(
        from_json(
            $sought,
            '[{"place": "BIGINT", "speakers": ["VARCHAR"], "texts": ["VARCHAR"],
               "earliest": "DATE", "latest": "DATE"}]'
        ),
        max_depth := 2
    )
),

heard as materialized (
    select place, unnest(speakers) as speaker_id, earliest, latest
    from sought
),

statement as (
    select
        statement_id, speaker_id, co_speakers, alternatives, said_at_earliest, said_at_latest,
        proposition
    from seen.statements
    union all
    select
        statement_id, speaker_id, co_speakers, alternatives, said_at_earliest, said_at_latest,
        proposition
    from seen.statement_revisions
),

voices as (
    select
        statement_id,
        unnest(list_concat([speaker_id], co_speakers, alternatives)) as speaker_id,
        said_at_earliest as earliest,
        said_at_latest as latest,
        proposition
    from statement
),

possible as materialized (
    select distinct heard.place, there.statement_id, there.speaker_id, there.proposition
    from voices as there
    join heard using (speaker_id)
    where coalesce(date_diff('day', heard.latest, there.earliest), 0) <= $days
        and coalesce(date_diff('day', there.latest, heard.earliest), 0) <= $days
),

report as (
    select statement_id, quote from seen.reports
    union all
    select statement_id, quote from seen.report_revisions
),

texts as (
    select null as place, statement_id, proposition as words from possible
    union
    select null, statement_id, quote from report
    semi join possible using (statement_id)
    union
    select place, null, unnest(texts) from sought
),

beginnings as materialized (
    select distinct place, statement_id, left(word, 5) as beginning
    from (
        select
            place,
            statement_id,
            unnest(regexp_extract_all(lower(strip_accents(words)), $pattern)) as word
        from texts
    )
    where not list_contains($stop, word)
),

lengths as (
    select place, statement_id, count(*) as length
    from beginnings
    group by all
),

shared as (
    select mine.place, there.statement_id, count(*) as shared
    from beginnings as mine
    join beginnings as there using (beginning)
    where mine.place is not null and there.statement_id is not null
    group by all
),

best as (
    select shared.place, shared.statement_id
    from shared
    semi join possible using (place, statement_id)
    join lengths as mine on mine.place = shared.place
    join lengths as there on there.statement_id = shared.statement_id
    where shared > 1 and shared >= $share * least(mine.length, there.length)
    qualify row_number() over (
        partition by shared.place order by shared desc, shared.statement_id
    ) <= $most
)

select distinct place, statement_id, speaker_id
from possible
join best using (place, statement_id)
