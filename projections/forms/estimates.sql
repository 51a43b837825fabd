-- view: estimates
-- grain: one row per estimate that is not hidden, in its latest form
-- needs: forms.estimates_in_form, forms.gone_estimates
-- why: the estimates that count
from forms.estimates_in_form
anti join forms.gone_estimates using (estimate_id)
