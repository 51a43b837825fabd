-- view: estimates
-- grain: one row per estimate, latest form
-- key: estimate_id
-- brief: estimate_id, measure_id, claimed, reference_period, value_text, statement_id
-- needs: forms.estimates
-- why: the numbers that reports claim, with hedge and bounds
select
    estimate_id,
    report_id,
    statement_id,
    measure_id,
    claimed(comparator, low, best, high) as claimed,
    comparator,
    low,
    best,
    high,
    low_inclusive,
    high_inclusive,
    value_text,
    reference_period,
    reference_period_earliest,
    reference_period_latest,
    basis,
    derived_from,
    method,
    note,
    position,
    recorded_at,
    actor
from forms.estimates
