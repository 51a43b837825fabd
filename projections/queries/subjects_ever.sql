-- query: subjects_ever
-- grain: one row per thing that was ever recorded under an id, void or not
-- needs: the id, or <noun>/<id>
-- why: what is void is shown nowhere else than in its history
select distinct subject
from forms.mentions
where $text in (subject, split_part(subject, '/', 2))
