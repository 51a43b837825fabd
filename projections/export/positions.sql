-- export: positions
-- grain: one row per event that is about a thing that was chosen
-- key: position
-- needs: memory.main.chosen, forms.subjects, seen.events, seen.judgements
-- why: what proves some statements: all events about them, and those about whoever and whatever
--      they name, with the first event and the changes of key, which say who signs
with things as (
    select noun, id, noun || '/' || id as subject from memory.main.chosen
)

select position from forms.subjects
semi join (from things where noun in ('statement', 'report', 'estimate')) using (subject)
union
select position from seen.events semi join things using (subject)
union
select position from seen.judgements
semi join (from things where noun = 'speaker') as person
    on person.id = left_id or person.id = right_id
union
select position from seen.events
where type in ('claims.ledger.created.v1', 'claims.key.rotated.v1')
order by position
