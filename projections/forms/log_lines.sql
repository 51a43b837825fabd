-- view: log_lines
-- grain: one row per line of the log's files
-- needs: log_files()
-- why: data is read from the log when it is asked for, so that no table holds it twice; a line
--      that a writer has not finished is passed over
select cast(sequence as bigint) as position, data
from read_json(
    log_files(),
    format = 'newline_delimited',
    ignore_errors = true,
    columns = {sequence: 'VARCHAR', data: 'JSON'}
)
where sequence is not null
