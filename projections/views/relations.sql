-- view: relations
-- grain: one row per relation between two statements
-- key: position
-- brief: from, relation, to, basis, note
-- needs: forms.relations
-- why: who denies, repeats, updates whom, and whether they say so or we infer it
select
    from_id as "from",
    to_id as "to",
    relation,
    basis,
    evidence,
    note,
    position,
    recorded_at,
    actor
from forms.relations
