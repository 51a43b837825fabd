-- check: subjects
-- grain: one row per event whose subject is not what it is about
-- needs: the tables events and voids
-- why: the history of a thing is found by it
with expected as (
    select position, subject, about from events where about is not null
    union all
    select void.position, event.subject, coalesce(void.part, target.subject)
    from voids as void
    join events as event using (position)
    left join events as target on target.position = void.target
    union all
    select position, subject, (select max(subject) from events where position = 0)
    from events
    where (
        type like 'claims.ledger.%' or type like 'claims.key.%'
        or type in ('claims.record.redacted.v1', 'claims.views.attested.v1')
    )
        and subject is not null
)

select position, 'the subject of an event' as what, about as expected, subject as found
from expected
where subject <> about
