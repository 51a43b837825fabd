-- table: made
-- grain: one row per thing, with the first event that makes it, and how many do
-- needs: forms.forms
-- why: an id is made once, and before anything names it; asked for three times, so it is kept
select
    noun,
    id,
    min(position) as made,
    count(*) as times,
    arg_min(statement_id, position) as statement_id
from forms.forms
where not revised
group by noun, id
