-- check: same_words_twice
-- severity: warning
-- finds: two statements of one speaker with the same date and the same words, but for case, spacing
--        and the form of quotation marks, that are not related
-- needs: forms.statements, forms.canonical_speakers, forms.relations
-- why: one utterance that is recorded twice counts twice, and looks like insistence; told by two
--      sources it is one statement with two reports
-- do: record the second as a further report of the first, and void it; or relate them, where it was
--     said twice (claims similar finds those that are worded otherwise)
with said as materialized (
    select
        statement_id,
        said_at,
        plain_length(proposition) as letters,
        coalesce(canonical.canonical_id, statement.speaker_id) as speaker_id
    from forms.statements as statement
    left join forms.canonical_speakers as canonical using (speaker_id)
    where said_at is not null
),

likely as (
    select said.statement_id, said.speaker_id
    from said
    semi join (
        select speaker_id, said_at, letters from said group by all having count(*) > 1
    ) as several using (speaker_id, said_at, letters)
),

worded as (
    select
        statement.statement_id,
        statement.position,
        statement.said_at,
        statement.proposition,
        statement.venue,
        likely.speaker_id,
        plain_text(statement.proposition) as words
    from forms.statements as statement
    join likely using (statement_id)
),

placed as (
    select *, first_value(statement_id) over alike as first_id
    from worded
    window alike as (
        partition by speaker_id, said_at, words, venue order by position, statement_id
    )
)

select
    'statement/' || statement_id as subject,
    position,
    'It has the words of statement ' || first_id || ', of the same speaker and date (' || speaker_id
        || ', ' || said_at || '): ' || brief(proposition) || '.' as finding,
    'claims add-report ' || first_id || ' …; then claims void ' || statement_id
        || ' --reason "…"; or claims relate ' || statement_id || ' repeats ' || first_id as way_out
from placed
anti join (
    select least(from_id, to_id) as lesser_id, greatest(from_id, to_id) as greater_id
    from forms.relations
) as related
    on related.lesser_id = least(placed.statement_id, placed.first_id)
    and related.greater_id = greatest(placed.statement_id, placed.first_id)
where statement_id <> first_id
