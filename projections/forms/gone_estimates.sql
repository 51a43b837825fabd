-- view: gone_estimates
-- grain: one row per estimate that is hidden: void itself, or by its report or its measure
-- needs: forms.estimates_in_form, seen.estimates, forms.hidden, forms.gone_reports,
--        forms.gone_measures
-- why: the estimates that do not count
with placed as (
    from forms.estimates_in_form
)

select estimate.estimate_id
from seen.estimates as estimate
semi join forms.hidden as hidden
    on hidden.position = estimate.position
    and coalesce(hidden.part, 'estimate/' || estimate.estimate_id)
        = 'estimate/' || estimate.estimate_id
union
select estimate_id
from placed
semi join forms.gone_reports using (report_id)
union
select estimate_id
from placed
semi join forms.gone_measures using (measure_id)
