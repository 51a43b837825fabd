-- table: lines
-- grain: one row per line of the files that is an event
-- needs: the variables audit_files, audit_columns and audit_size
-- why: each line is parsed once. What is no event is passed over here, since it is named where the
--      lines themselves are read; of an erased event only its position and type are left
create or replace temp table lines as
select
    try_cast(sequence as bigint) as position,
    type,
    subject,
    key,
    data
from read_json(
    getvariable('audit_files'),
    format = 'newline_delimited',
    ignore_errors = true,
    columns = getvariable('audit_columns')
)
where try_cast(sequence as bigint) between 0 and getvariable('audit_size') - 1;
