-- view: log_lines
-- grain: one row per line of the log's files
-- needs: log_files(), segment_begin(), segment_end()
-- why: data is read from the log when it is asked for, so that no table holds it twice; a line
--      that a writer has not finished is passed over, and so is a sealed segment while its plain
--      form is there too. Of one position, or of all before or from one, only the segments that
--      hold such are read
select position, data
-- That a segment begins at its first line and ends before the next one says nothing new of a line.
-- DuckDB takes a bound of positions on to the names of files where it meets these comparisons
-- before the bound, and each select turns the order round in which it meets them.
from (select * from (select * from (
    select
        cast(sequence as bigint) as position,
        data,
        filename,
        segment_begin(filename) as begin_position,
        segment_end(filename) as end_position
    from read_json(
        log_files(),
        format = 'newline_delimited',
        ignore_errors = true,
        filename = true,
        columns = {sequence: 'VARCHAR', data: 'JSON'}
    )
    where sequence is not null
)))
where begin_position <= position
    and end_position > position
    and filename not in (
        select file || '.zst'
        from glob(regexp_replace(log_files()[1], '[0-9]+[.]jso[*][[]lt[]]$', '*.jsonl'))
    )
