-- check: answer_before_statement
-- severity: error
-- finds: a statement that answers another one, but was said before it, for certain
-- needs: forms.relations, forms.statements
-- why: what was not said yet cannot be denied, retracted, repeated or corrected; a date is wrong,
--      or the relation stands the wrong way round
-- do: put the date right, or void the relation and record it the other way round
select
    'statement/' || relation.from_id as subject,
    relation.position,
    'It ' || replace(relation.relation, '_', ' ') || ' statement ' || relation.to_id
        || ', but was said (' || answer.said_at || ') before that was (' || answered.said_at || ').'
        as finding,
    'claims revise … --set said_at=… --reason "…", or claims void ' || relation.position
        || ' --reason "…"' as way_out
from forms.relations as relation
join forms.statements as answer on answer.statement_id = relation.from_id
join forms.statements as answered on answered.statement_id = relation.to_id
where answer.said_at_latest < answered.said_at_earliest
    and relation.relation in (
        'denies', 'retracts', 'repeats', 'summarises', 'endorses', 'corrects', 'updates',
        'responds_to'
    )
