-- table: estimates
-- grain: one row per estimate, as first recorded, with its statement or added to it later
-- needs: incoming
-- why: the numbers that reports claim
-- plain: statement_id, estimate_id, report_id
with nested as (
    select position, recorded_at, actor, data.statement_id, unnest(data.estimates) as estimate
    from incoming
    where type = 'claims.statement.recorded.v1'
)

select
    position,
    recorded_at,
    actor,
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
    estimate.value_text.exact as value_text,
    estimate.value_text."start" as value_start,
    estimate.value_text."end" as value_end,
    estimate.reference_period.edtf as reference_period,
    estimate.reference_period.earliest as reference_period_earliest,
    estimate.reference_period.latest as reference_period_latest,
    estimate.basis,
    estimate.derived_from,
    estimate.method,
    estimate.note
from nested
union all
select
    position,
    recorded_at,
    actor,
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
    data.value_text.exact as value_text,
    data.value_text."start" as value_start,
    data.value_text."end" as value_end,
    data.reference_period.edtf as reference_period,
    data.reference_period.earliest as reference_period_earliest,
    data.reference_period.latest as reference_period_latest,
    data.basis,
    data.derived_from,
    data.method,
    data.note
from incoming
where type = 'claims.estimate.added.v1'
