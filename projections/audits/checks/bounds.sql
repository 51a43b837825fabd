-- check: bounds
-- grain: one row per form of an estimate whose bounds are not those of its comparator
-- needs: the table estimates
-- why: a number keeps its hedge, and says no more digits than were written
with shaped as (
    select
        *,
        case comparator
            when 'eq' then low = best and high = best and low_inclusive and high_inclusive
            when 'about' then best is not null
            when 'gt' then low is not null and not low_inclusive
            when 'ge' then low is not null and low_inclusive
            when 'lt' then high is not null and not high_inclusive
            when 'le' then high is not null and high_inclusive
            when 'between' then low < high and low_inclusive and high_inclusive
            when 'unspecified' then true
        end as has_its_own,
        case comparator
            when 'eq' then true
            when 'about' then
                coalesce(low, high) is null and coalesce(low_inclusive, high_inclusive) is null
            when 'gt' then coalesce(best, high) is null and high_inclusive is null
            when 'ge' then coalesce(best, high) is null and high_inclusive is null
            when 'lt' then coalesce(low, best) is null and low_inclusive is null
            when 'le' then coalesce(low, best) is null and low_inclusive is null
            when 'between' then best is null
            when 'unspecified' then
                coalesce(low, best, high) is null
                and coalesce(low_inclusive, high_inclusive) is null
        end as has_no_other
    from estimates
),

numbers as (
    select *, list_filter([low, best, high], lambda number: number is not null) as given
    from shaped
)

select
    position,
    'the bounds of estimate/' || estimate_id as what,
    'those of ' || comparator || ', of at most 15 digits and 2^53' as expected,
    'low ' || coalesce(cast(low as varchar), 'none')
        || ', best ' || coalesce(cast(best as varchar), 'none')
        || ', high ' || coalesce(cast(high as varchar), 'none')
        || ', inclusive ' || coalesce(cast(low_inclusive as varchar), 'none')
        || ' and ' || coalesce(cast(high_inclusive as varchar), 'none') as found
from numbers
where not (coalesce(has_its_own, false) and coalesce(has_no_other, false))
    or list_bool_or(
        [abs(number) > 9007199254740992 or cast(format('{:.15g}', number) as double) <> number
            for number in given]
    )
