-- view: touched_statements
-- grain: one row per statement of forms.touched in its latest form, void or not
-- needs: forms.touched, seen.statement_revisions, forms.hidden_events, forms.hangs, seen.statements
-- why: these rows of forms.statements_in_form, found by their positions: DuckDB passes over the
--      others, as it does not where they are picked from that view
with touched as materialized (
    from forms.touched
),

latest as (
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
semi join touched using (position)
anti join revised on revised.first_position = statements.position
union all by name
from seen.statement_revisions
join revised using (position)
