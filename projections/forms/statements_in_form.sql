-- view: statements_in_form
-- grain: one row per statement in its latest form, void or not
-- when: has('statement_revisions')
-- else: forms.statements_as_recorded
-- needs: seen.statement_revisions, forms.hidden_events, forms.hangs, seen.statements
-- why: the recorded rows without the few that were revised, and those as they are now.
--      first_position is the position at which the statement was first recorded
with latest as (
    select max(position) as position
    from seen.statement_revisions
    anti join forms.hidden_events using (position)
    group by statement_id
),

revised as materialized (
    select position, first_position from latest left join forms.hangs using (position)
)

select *, position as first_position
from seen.statements
anti join revised on revised.first_position = statements.position
union all by name
from seen.statement_revisions
join revised using (position)
