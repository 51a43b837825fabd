-- check: belongings
-- grain: one row per form of a report or estimate that belongs to another statement than it says
-- needs: forms.made
-- why: a report and its numbers never move to another statement
with claimed as (
    select position, noun, id, statement_id, false as nested
    from things
    where revised and noun in ('report', 'estimate')
    union all
    select position, 'report', report_id, statement_id, told = 'recorded'
    from estimates
)

select
    claimed.position,
    'the statement of ' || claimed.noun || '/' || claimed.id as what,
    made.statement_id || if(claimed.nested, ', at position ' || made.made, '') as expected,
    claimed.statement_id || if(claimed.nested, ', at position ' || claimed.position, '') as found
from claimed
join forms.made as made using (noun, id)
where claimed.statement_id <> made.statement_id
    or (claimed.nested and made.made < claimed.position)
