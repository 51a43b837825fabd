-- macros: as_of_text, as_of_position, as_of_time
-- needs: the macro ledger_size, which holds the size of the log that is at hand
-- why: every view follows the session variable as_of; both bounds fold to constants, so that an
--      unset variable costs nothing. A cast that must fail is how an error is raised without
--      keeping the optimizer from folding; try_cast keeps branches that are not taken quiet.
create or replace macro as_of_text() as cast(getvariable('as_of') as varchar);

create or replace macro as_of_position() as case
    when typeof(getvariable('as_of')) in (
        'TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT',
        'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT', 'UHUGEINT'
    )
    then case
        when try_cast(as_of_text() as bigint) between 0 and ledger_size()
        then try_cast(as_of_text() as bigint)
        else cast(
            'as_of ' || as_of_text() || ' is not a size of this ledger, which holds '
            || ledger_size() || ' events' as bigint
        )
    end
    when typeof(getvariable('as_of')) in (
        '"NULL"', 'DATE', 'TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS',
        'TIMESTAMP WITH TIME ZONE'
    )
    then ledger_size()
    else cast(
        'as_of takes a size, a TIMESTAMP, a TIMESTAMPTZ or a DATE, not '
        || typeof(getvariable('as_of')) as bigint
    )
end;

create or replace macro as_of_time() as case
    when typeof(getvariable('as_of')) = 'DATE'
    then try_cast(as_of_text() as date) + interval 1 day - interval 1 microsecond
    when typeof(getvariable('as_of')) = 'TIMESTAMP WITH TIME ZONE'
    then timezone('UTC', try_cast(as_of_text() as timestamptz))
    when typeof(getvariable('as_of')) in ('TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS')
    then try_cast(as_of_text() as timestamp)
    else timestamp 'infinity'
end;
