-- query: subjects_recorded
-- grain: one row per thing that an event is about or names, void or not
-- needs: an id, or <noun>/<id>
-- why: what is to be erased may be void, or be named only by what was left of it
select distinct subject
from forms.subjects
where $text in (subject, split_part(subject, '/', 2)) and subject not like 'ledger/%'
order by subject
