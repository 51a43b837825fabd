-- view: gone_itself
-- grain: one row per thing whose own creation is void or erased
-- when: has('hidden')
-- else: forms.erased
-- needs: forms.hidden, voided_table(), forms.erased
-- why: one look for every kind of thing. What hangs on these is hidden with them: a view that joins
--      a thing to all that it hangs on takes these out of each and needs to know no more
with named as (
    select made.subject
    from forms.hidden as hidden
    join query_table(voided_table()) as made using (position)
    where hidden.part is null
    union all
    select part from forms.hidden where part is not null
)

select split_part(subject, '/', 1) as noun, split_part(subject, '/', 2) as id
from named
union
select noun, id
from forms.erased
