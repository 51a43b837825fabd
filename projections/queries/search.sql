-- query: search
-- grain: one row per thing in which a text occurs
-- needs: a pattern of the text
-- why: people remember words; case and accents do not matter
with things as (
    select 'statement' as noun, statement_id as id, speaker || ': ' || proposition as words
    from statements
    union all
    select 'report', report_id, quote from reports
    union all
    select 'source', source_id, concat_ws(', ', title, publisher, author, published) from sources
    union all
    select 'speaker', speaker_id, concat_ws(', ', name, array_to_string(aliases, ', '))
    from speakers
    union all
    select 'measure', measure_id, concat_ws(', ', label, definition) from measures
    union all
    select 'estimate', estimate_id, concat_ws(', ', claimed, value_text, measure_id) from estimates
)

select noun, id, words
from things
where regexp_matches(id || ' ' || words, $pattern)
order by noun, id
