-- macros: as_of_text, as_of_size, stood, looks_at_now
-- needs: the macros ledger_size, which holds the size of the log that is at hand
-- why: every view follows the session variable as_of. The case folds to one comparison with a
--      constant, which is pushed into the scan, and to nothing where the variable is unset. A cast
--      that must fail is how an error is raised without keeping the optimizer from folding;
--      try_cast keeps the branches that are not taken quiet
create or replace macro as_of_text() as cast(getvariable('as_of') as varchar);

create or replace macro as_of_size() as case
    when try_cast(as_of_text() as bigint) between 0 and ledger_size()
    then try_cast(as_of_text() as bigint)
    else cast(
        'as_of ' || as_of_text() || ' is not a size of this ledger, which holds '
        || ledger_size() || ' events' as bigint
    )
end;

-- Whether an event stood in the ledger at the moment that is looked at.
create or replace macro stood(place, recorded_at) as case
    when typeof(getvariable('as_of')) = '"NULL"'
    then true
    when typeof(getvariable('as_of')) in (
        'INTEGER', 'BIGINT', 'HUGEINT', 'TINYINT', 'SMALLINT',
        'UINTEGER', 'UBIGINT', 'UHUGEINT', 'UTINYINT', 'USMALLINT'
    )
    then place < as_of_size()
    when typeof(getvariable('as_of')) in ('TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS')
    then recorded_at <= try_cast(as_of_text() as timestamp)
    when typeof(getvariable('as_of')) = 'TIMESTAMP WITH TIME ZONE'
    then recorded_at <= timezone('UTC', try_cast(as_of_text() as timestamptz))
    when typeof(getvariable('as_of')) = 'DATE'
    then recorded_at < try_cast(as_of_text() as date) + interval 1 day
    else cast(
        'as_of takes a size, a TIMESTAMP, a TIMESTAMPTZ or a DATE, not '
        || typeof(getvariable('as_of')) as bigint
    ) = 0
end;

create or replace macro looks_at_now() as typeof(getvariable('as_of')) = '"NULL"';
