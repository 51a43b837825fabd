-- query: positions_of_answers
-- grain: one row per relation, judgement or assessment of one of the things asked for
-- needs: a list of ids per noun; of relations the statement that they begin with
-- why: what has no id is known by what it is about
select position from seen.relations
where from_id in (select unnest($statements))
union
select position from seen.statement_assessments
where statement_id in (select unnest($statements))
union
select position from seen.source_assessments
where source_id in (select unnest($sources))
union
select position from seen.judgements
where left_id in (select unnest($speakers)) or right_id in (select unnest($speakers))
