-- view: gone_itself
-- grain: one row per thing whose own creation is void or erased
-- needs: forms.hidden, forms.erased, seen.events
-- why: one scan for every kind of thing. What hangs on these is hidden with them: a view that joins
--      a thing to all that it hangs on takes these out of each and needs to know no more
with hidden as materialized (
    from forms.hidden
),

named as (
    select event.subject
    from seen.events as event
    semi join (select position from hidden where part is null) as whole using (position)
    where event.type in (
        'claims.source.captured.v1', 'claims.speaker.registered.v1', 'claims.measure.defined.v1',
        'claims.statement.recorded.v1', 'claims.report.added.v1', 'claims.estimate.added.v1'
    )
        and event.redacted_by is null
    union all
    select part from hidden where part is not null
)

select split_part(subject, '/', 1) as noun, split_part(subject, '/', 2) as id
from named
union
select noun, id
from forms.erased
