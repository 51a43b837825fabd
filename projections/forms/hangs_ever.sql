-- view: hangs_ever
-- grain: one row per event about a statement that was recorded before it
-- needs: whole.statement_revisions, whole.report_revisions, whole.estimate_revisions,
--        whole.events, whole.reports, whole.estimates, whole.relations, whole.statements
-- why: first_position is the position at which the statement was first recorded; of a denial or
--      retraction, that of what is denied or retracted. What came with its statement has the
--      statement's position. This reads all ids, and is kept as a table; as_of must be unset
with added as (
    select position
    from whole.events
    where type in ('claims.report.added.v1', 'claims.estimate.added.v1')
),

later as (
    select position, statement_id from whole.statement_revisions
    union all
    select position, statement_id from whole.report_revisions
    union all
    select position, statement_id from whole.estimate_revisions
    union all
    select position, statement_id
    from whole.reports
    semi join added using (position)
    union all
    select position, statement_id
    from whole.estimates
    semi join added using (position)
    union all
    select position, to_id from whole.relations where relation in ('denies', 'retracts')
)

select later.position, statement.position as first_position
from later
join whole.statements as statement using (statement_id)
