-- view: sources_in_form
-- grain: one row per source in its latest form, void or not
-- when: has('source_revisions')
-- else: seen.sources
-- needs: seen.source_revisions, forms.hidden_events, seen.sources
-- why: the recorded rows without the few that were revised, and those as they are now
with latest as materialized (
    select *
    from seen.source_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by source_id order by position desc) = 1
)

from seen.sources
anti join latest using (source_id)
union all by name
from latest
