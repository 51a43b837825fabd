-- query: names_of_things
-- grain: one row per thing whose id begins with a text, or whose name is that text
-- needs: the text, and the text in lower case
-- why: people give an id, the beginning of one, or a name
with things as (
    select 'statement' as noun, statement_id as id, proposition as name from statements
    union all
    select 'source', source_id, title from sources
    union all
    select 'speaker', speaker_id, name from speakers
    union all
    select 'speaker', speaker_id, unnest(aliases) from speakers
    union all
    select 'measure', measure_id, label from measures
    union all
    select 'report', report_id, quote from reports
    union all
    select 'estimate', estimate_id, claimed from estimates
)

select distinct noun, id, first(name) over (partition by noun, id) as name
from things
where starts_with(id, $text) or lower(name) = $folded
order by noun, id
