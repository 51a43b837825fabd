-- query: report_estimates
-- grain: one row per estimate of the statements of a report, in order of reference period
-- needs: a list of statement ids
-- why: the numbers that were claimed, hedges included; who claimed them, and where that was reported,
--      stands with their statements and reports
select
    estimate_id,
    report_id,
    statement_id,
    measure_id,
    claimed(comparator, low, best, high) as claimed,
    value_text,
    reference_period,
    reference_period_earliest,
    reference_period_latest,
    basis,
    method,
    note,
    position
from forms.estimates
where list_contains($statements, statement_id)
order by
    reference_period_earliest nulls last,
    reference_period_latest nulls last,
    position,
    estimate_id
