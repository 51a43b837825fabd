-- check: voids
-- grain: one row per void that hides what it cannot hide
-- needs: the tables voids, events, reports and estimates
-- why: a void is about something earlier, and what is recorded of the ledger itself stays
with parts as (
    select position, 'report/' || report_id as part from reports where told = 'recorded'
    union all
    select position, 'estimate/' || estimate_id from estimates where told = 'recorded'
),

hiding as (
    select void.*, target.type, target.subject is null as erased
    from voids as void
    left join events as target on target.position = void.target
)

select
    position,
    'the target of a void' as what,
    case
        when target >= position then 'an earlier event'
        when part is null then 'an event that can be void'
        else 'an event with the part ' || part
    end as expected,
    'position ' || target || coalesce(', ' || type, '') as found
from hiding
where target >= position
    or type like 'claims.ledger.%' or type like 'claims.key.%'
    or type = 'claims.record.redacted.v1'
    or (
        part is not null and not erased
        and not exists (from parts where parts.position = hiding.target and parts.part = hiding.part)
    )
