-- view: sources
-- grain: one row per source that is not hidden, in its latest form
-- needs: forms.sources_in_form, forms.gone_sources
-- why: the sources that count
from forms.sources_in_form
anti join forms.gone_sources using (source_id)
