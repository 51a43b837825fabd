-- table: estimate_revisions
-- grain: one row per revision of an estimate
-- needs: incoming
-- why: corrections are few; a view lays them over the recorded rows
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
    data.note,
    data.replaces,
    data.reason,
    data.error
from incoming
where type = 'claims.estimate.revised.v1'
