-- view: statements_in_form
-- grain: one row per statement in its latest form, void or not
-- needs: seen.statement_revisions, forms.hidden_events, seen.statements
-- why: the recorded rows without the few that were revised, and those as they are now
with latest as materialized (
    select *
    from seen.statement_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by statement_id order by position desc) = 1
)

from seen.statements
anti join latest using (statement_id)
union all by name
from latest
