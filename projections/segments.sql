-- macros: segment_begin, segment_end
-- needs: the macro log_files
-- why: a segment of the log is named for the position of its first line, so the names of its files
--      tell which positions it may hold. A file of another name may hold any
create or replace macro segment_begin(path) as
    coalesce(try_cast(left(parse_filename(path), 20) as bigint), 0);

-- The position that begins the next segment.
create or replace macro segment_end(path) as coalesce(
    list_min(list_filter(
        [segment_begin(file) for file in log_files()],
        lambda begun: begun > segment_begin(path)
    )),
    9223372036854775807
);
