-- query: report_estimates
-- grain: one row per estimate of the statements of a report, in order of reference period
-- needs: a list of statement ids
-- why: the table of the numbers that were claimed, hedges included
select
    estimate.*,
    coalesce(estimate.publisher, source.title, source.source_id) as outlet,
    own.method,
    own.note
from estimates_over_time as estimate
join forms.estimates as own using (estimate_id)
join forms.sources_in_form as source on source.source_id = estimate.source_id
where list_contains($statements, estimate.statement_id)
order by
    estimate.measure_id,
    estimate.reference_period_earliest nulls last,
    estimate.reference_period_latest nulls last,
    estimate.position,
    estimate.estimate_id
