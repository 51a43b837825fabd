-- table: relations
-- grain: one row per relation between two statements
-- needs: incoming
-- why: who denies, repeats, updates whom
-- plain: from_id, to_id
select
    position,
    recorded_at,
    actor,
    data."from" as from_id,
    data."to" as to_id,
    data.relation,
    data.basis,
    data.evidence,
    data.note
from incoming
where type = 'claims.statements.related.v1'
