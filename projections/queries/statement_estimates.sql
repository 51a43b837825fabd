-- query: statement_estimates
-- grain: one row per estimate of a statement
-- needs: the statement's id
-- why: shows the numbers that a statement claims
select
    estimate.estimate_id,
    estimate.claimed,
    estimate.measure_id,
    measure.unit,
    measure.label,
    estimate.reference_period,
    estimate.value_text,
    estimate.report_id
from estimates as estimate
join measures as measure using (measure_id)
where estimate.statement_id = $statement
order by estimate.position, estimate.estimate_id
