-- table: reports
-- grain: one row per form of a report; `told` is recorded, added or revised
-- needs: lines
-- why: the quotes, and whom and what a report names
with nested as (
    select position, data.statement_id, unnest(data.reports) as report
    from lines
    where type = 'claims.statement.recorded.v1'
)

select
    position,
    'recorded' as told,
    statement_id,
    report.report_id,
    report.source_id,
    report.quote,
    report.fragments,
    report.anchor,
    report.alternatives,
    report.via
from nested
union all
select
    position,
    split_part(type, '.', 3) as told,
    data.statement_id,
    data.report_id,
    data.source_id,
    data.quote,
    data.fragments,
    data.anchor,
    data.alternatives,
    data.via
from lines
where type in ('claims.report.added.v1', 'claims.report.revised.v1') and subject is not null
