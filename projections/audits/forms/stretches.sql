-- table: stretches
-- grain: one row per thing that was revised and stretch of the log in which one of its forms counts
-- needs: forms.forms, forms.hidden
-- why: a form counts for the events after `since` up to and including `until`, as its writer knew
--      the ledger. It is the latest form that no void hides then, or else the first one. Forms that
--      were never hidden need one pass; those that were are few, and looked at one by one
with own as materialized (
    select noun, id, position, revised and position in (select position from forms.hidden) as shaky
    from forms.forms
    semi join (select noun, id from things where revised) using (noun, id)
),

moments as (
    select noun, id, position as since from own
    union
    select own.noun, own.id, hidden.since from own join forms.hidden using (position)
    union
    select own.noun, own.id, hidden.until from own join forms.hidden using (position)
    where hidden.until is not null
),

steady as (
    select moment.noun, moment.id, moment.since, max(own.position) over earlier as form
    from moments as moment
    left join own
        on own.noun = moment.noun and own.id = moment.id and own.position = moment.since
        and not own.shaky
    window earlier as (partition by moment.noun, moment.id order by moment.since)
),

shaky as (
    select moment.noun, moment.id, moment.since, max(own.position) as form
    from moments as moment
    join own
        on own.shaky and own.noun = moment.noun and own.id = moment.id
        and own.position <= moment.since
    where not exists (
        from forms.hidden as hidden
        where hidden.position = own.position and hidden.since <= moment.since
            and (hidden.until is null or hidden.until > moment.since)
    )
    group by all
)

select
    steady.noun,
    steady.id,
    steady.since,
    lead(steady.since) over (partition by steady.noun, steady.id order by steady.since) as until,
    greatest(steady.form, shaky.form) as form
from steady
left join shaky using (noun, id, since)
