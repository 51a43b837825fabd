-- macros: figure, claimed
-- why: a number is never shown without its hedge
create or replace macro figure(number) as case
    when number = trunc(number) then format('{:,}', cast(number as bigint))
    else cast(number as varchar)
end;

create or replace macro claimed(comparator, low, best, high) as case comparator
    when 'eq' then figure(best)
    when 'about' then 'about ' || figure(best)
    when 'gt' then 'more than ' || figure(low)
    when 'ge' then 'at least ' || figure(low)
    when 'lt' then 'less than ' || figure(high)
    when 'le' then 'at most ' || figure(high)
    when 'between' then figure(low) || ' to ' || figure(high)
    else 'no figure'
end;
