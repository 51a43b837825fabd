-- table: estimates
-- grain: one row per form of an estimate; `told` is recorded, added or revised
-- needs: lines
-- why: the numbers with their bounds and words, and what an estimate names
with nested as (
    select position, data.statement_id, unnest(data.estimates) as estimate
    from lines
    where type = 'claims.statement.recorded.v1'
)

select
    position,
    'recorded' as told,
    statement_id,
    estimate.estimate_id,
    estimate.report_id,
    estimate.measure_id,
    estimate.comparator,
    estimate.low,
    estimate.best,
    estimate.high,
    estimate.low_inclusive,
    estimate.high_inclusive,
    estimate.value_text,
    estimate.reference_period,
    estimate.derived_from,
    cast(null as bigint) as replaces
from nested
union all
select
    position,
    split_part(type, '.', 3) as told,
    data.statement_id,
    data.estimate_id,
    data.report_id,
    data.measure_id,
    data.comparator,
    data.low,
    data.best,
    data.high,
    data.low_inclusive,
    data.high_inclusive,
    data.value_text,
    data.reference_period,
    data.derived_from,
    data.replaces
from lines
where type in ('claims.estimate.added.v1', 'claims.estimate.revised.v1') and subject is not null
