-- view: touched_statements
-- grain: one row per statement of forms.touched in its latest form, void or not
-- needs: forms.touched_since, seen.statement_revisions, forms.hidden_events, forms.hangs,
--        seen.touched_statements, seen.statements
-- why: of forms.statements_in_form these rows, and what views of everything ask of them: of the ledger
--      whole, only what the tail touched is read
with since as materialized (
    from forms.touched_since
),

latest as (
    select max(position) as position
    from seen.statement_revisions
    anti join forms.hidden_events using (position)
    group by statement_id
),

revised as materialized (
    select position, first_position from latest left join forms.hangs using (position)
),

recorded as (
    from seen.touched_statements
    union all by name
    from seen.statements
    semi join since using (position)
)

select
    position,
    recorded_at,
    statement_id,
    speaker_id,
    alternatives,
    said_at,
    said_at_earliest,
    said_at_latest,
    first_position
from (
    select *, position as first_position
    from recorded
    anti join revised on revised.first_position = recorded.position
    union all by name
    from seen.statement_revisions
    join revised using (position)
)
