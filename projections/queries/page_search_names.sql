-- query: page_search_names
-- grain: one row per speaker or measure in whose names a text occurs
-- needs: a pattern of the text, and how many rows
-- why: who is meant and what is counted stands before what was said
with things as (
    select
        'speaker' as noun,
        speaker_id as id,
        concat_ws(', ', name, array_to_string(aliases, ', ')) as words
    from speakers
    union all
    select 'measure', measure_id, concat_ws(', ', label, definition)
    from measures
)

select noun, id, words, null::bigint as position
from things
where regexp_matches(id || ' ' || words, $pattern)
order by noun desc, length(words), id
limit $limit
