-- view: estimates
-- grain: one row per estimate that is not hidden, in its latest form
-- needs: forms.gone_itself, forms.estimates_in_form, forms.gone_reports
-- why: the estimates that count
with itself as materialized (
    from forms.gone_itself
)

from forms.estimates_in_form as estimate
anti join itself as own on own.noun = 'estimate' and own.id = estimate.estimate_id
anti join itself as measure on measure.noun = 'measure' and measure.id = estimate.measure_id
anti join forms.gone_reports using (report_id)
