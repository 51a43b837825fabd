-- view: log_lines
-- grain: one row per line of the log's files
-- needs: log_files()
-- why: data is read from the log when it is asked for, so that no table holds it twice; a line
--      that a writer has not finished is passed over, and so is a sealed segment while its plain
--      form is there too
select cast(sequence as bigint) as position, data
from read_json(
    log_files(),
    format = 'newline_delimited',
    ignore_errors = true,
    filename = true,
    columns = {sequence: 'VARCHAR', data: 'JSON'}
)
where sequence is not null
and filename not in (
    select file || '.zst'
    from glob(regexp_replace(log_files()[1], '[0-9]+[.]jso[*][[]lt[]]$', '*.jsonl'))
)
