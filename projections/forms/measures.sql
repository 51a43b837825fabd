-- view: measures
-- grain: one row per measure that is not hidden, in its latest form
-- needs: forms.measures_in_form, forms.gone_measures
-- why: the measures that count
from forms.measures_in_form
anti join forms.gone_measures using (measure_id)
