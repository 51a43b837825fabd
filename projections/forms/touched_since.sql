-- view: touched_since
-- grain: one row per statement, by its position, that the tail touched first, or has
-- needs: later_table(), whole.statements, hidden_table(), forms.hangs, tail_of(), whole.sources,
--        facts.told, facts.touched
-- why: what facts.touched lacks: a tail is small, and nothing is read where it has no such event
with revised as (
    select source.position as source_no
    from whole.sources as source
    semi join query_table(tail_of('source_revisions')) as revision using (source_id)
),

touched as (
    select statement.position
    from whole.statements as statement
    semi join query_table(later_table()) as later using (statement_id)
    union
    select position
    from query_table(hidden_table())
    anti join forms.hangs using (position)
    union
    select position from query_table(tail_of('statements'))
    union
    select told.position
    from facts.told
    semi join revised on revised.source_no = told.source_no
)

from touched
anti join facts.touched using (position)
