-- query: similar_pairs
-- grain: one row per pair of statements that may be one utterance and are not related yet
-- needs: speakers (of those judged the same, the first), days apart, a pattern of words, those that
--        do not count, the share of words that must be in both, and how many statements of a
--        speaker and a stretch of time may share a word that leads from one to another
-- why: pairs are found by beginnings of words that few statements of one speaker in one stretch of
--      time share, so that a speaker of ten thousand statements is not compared with itself whole.
--      Positions and hashes stand for ids, since millions of pairs are counted
with canonical as materialized (
    from forms.canonical_speakers
),

statement as materialized (
    select
        position,
        statement_id,
        unnest(list_distinct(list_concat([speaker_id], co_speakers, alternatives))) as speaker_id,
        said_at_earliest as earliest,
        said_at_latest as latest,
        proposition,
        within
    from forms.statements
),

voices as materialized (
    select distinct
        position,
        statement_id,
        hash(coalesce(canonical_id, speaker_id)) as voice,
        earliest,
        latest,
        -- A wide date is joined like an unknown one, since it would lie in too many stretches.
        coalesce(date_diff('day', earliest, latest) <= 366, false) as narrow,
        date_diff('day', date '0001-01-01', earliest) // ($days + 1) as first_stretch,
        (date_diff('day', date '0001-01-01', latest) + $days) // ($days + 1) as last_stretch
    from statement
    left join canonical using (speaker_id)
    where coalesce(canonical_id, speaker_id) in (select unnest($voices))
),

texts as (
    select position, proposition as words
    from statement
    semi join voices using (position)
    union
    select voices.position, report.quote
    from forms.reports as report
    join voices using (statement_id)
),

beginnings as materialized (
    select distinct position, left(word, 5) as beginning
    from (
        select
            position,
            unnest(regexp_extract_all(lower(strip_accents(words)), $pattern)) as word
        from texts
    )
    where not list_contains($stop, word)
),

lengths as (
    select position, count(*) as length
    from beginnings
    group by position
),

-- Both statements of a pair lie in the stretch in which the later one begins.
stretches as (
    select *, unnest(range(first_stretch, last_stretch + 1)) as stretch
    from voices
    where narrow
),

guides as materialized (
    select voice, stretch, first_stretch, beginning, position
    from stretches
    join beginnings using (position)
    qualify count(*) over (partition by voice, stretch, beginning) <= $most
),

loose as (
    select distinct voice
    from voices
    where not narrow
),

loose_guides as materialized (
    select voice, narrow, beginning, position
    from voices
    semi join loose using (voice)
    join beginnings using (position)
    qualify count(*) over (partition by voice, beginning) <= $most
),

pairs as (
    select voice, one.position as left_at, other.position as right_at, count(*) as shared
    from guides as one
    join guides as other using (voice, stretch, beginning)
    where one.position < other.position
        and stretch = greatest(one.first_stretch, other.first_stretch)
    group by all
    having shared > 1
    union all
    select voice, one.position, other.position, count(*) as shared
    from loose_guides as one
    join loose_guides as other using (voice, beginning)
    where one.position < other.position and not (one.narrow and other.narrow)
    group by all
    having shared > 1
),

enough as (
    select left_at, right_at
    from pairs
    join lengths as one on one.position = left_at
    join lengths as other on other.position = right_at
    where shared >= $share * least(one.length, other.length)
    group by left_at, right_at
),

found as (
    select distinct one.statement_id as left_id, other.statement_id as right_id
    from enough
    join voices as one on one.position = left_at
    join voices as other on other.position = right_at
    where coalesce(date_diff('day', one.latest, other.earliest), 0) <= $days
        and coalesce(date_diff('day', other.latest, one.earliest), 0) <= $days
),

known as (
    select from_id as one_id, to_id as other_id from forms.relations
    union all
    select to_id, from_id from forms.relations
    union all
    select statement_id, within from statement
    union all
    select within, statement_id from statement
)

from found
anti join known on one_id = left_id and other_id = right_id
order by left_id, right_id
