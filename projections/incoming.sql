-- table: incoming
-- grain: one row per line of the files, or of the part of a segment, that is to be projected
-- needs: the variables incoming_files and line_columns
-- why: each line is parsed once; every table is then filled from here. The line of an erased event
--      has no data to fill a table from, so it has no type here but the one that is written on it
create or replace temp table incoming as
select
    cast(sequence as bigint) as position,
    id,
    if(data.redacted_by is null, type, null) as type,
    type as written_type,
    subject,
    time as recorded_at,
    actor,
    agent,
    key,
    data
from read_json(
    getvariable('incoming_files'),
    format = 'newline_delimited',
    columns = getvariable('line_columns')
)
where cast(sequence as bigint) between getvariable('incoming_first') and getvariable('incoming_last');
