-- view: touched_since
-- grain: one row per statement, by its position, that the tail touched first, or has
-- when: has_grown()
-- else: nothing
-- needs: forms.statements_of_tail, hidden_table(), forms.hangs, tail_of(), whole.sources, facts.told,
--        facts.touched
-- why: what facts.touched lacks: a tail is small, and nothing is read where it has no such event
with revised as (
    select source.position as source_no
    from whole.sources as source
    semi join query_table(tail_of('source_revisions')) as revision using (source_id)
),

touched as (
    select position from forms.statements_of_tail
    union
    select position
    from query_table(hidden_table())
    anti join forms.hangs using (position)
    union
    select told.position
    from facts.told
    semi join revised on revised.source_no = told.source_no
)

from touched
anti join facts.touched using (position)
