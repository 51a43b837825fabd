-- query: statement_relations
-- grain: one row per relation from or to a statement
-- needs: the statement's id
-- why: shows what a statement answers, and what answers it
select
    relation."from" = $statement as outgoing,
    relation.relation,
    other.statement_id,
    other.speaker,
    other.proposition,
    relation.basis
from relations as relation
join statements as other
    on other.statement_id
        = if(relation."from" = $statement, relation."to", relation."from")
where $statement in (relation."from", relation."to")
order by relation.position
