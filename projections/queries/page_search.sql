-- query: page_search
-- grain: one row per thing of a stretch of the log in which a text occurs, those recorded last first
-- needs: the text, a pattern of it, a stretch of positions, and how many rows
-- why: people remember words. The pattern allows for any case and accents, as `search` does; names
--      are found by themselves (page_search_names)
with things as (
    select 'statement' as noun, statement_id as id, proposition as words, position
    from forms.statements
    where position >= $first and position < $last
    union all
    select 'report', report_id, quote, position
    from forms.reports
    where position >= $first and position < $last
    union all
    select 'source', source_id, concat_ws(', ', title, author, published), position
    from forms.sources
    where position >= $first and position < $last
)

select noun, id, words, position
from things
where regexp_matches(words, $pattern)
    or contains(id, $text)
order by position desc, noun desc, id
limit $limit
