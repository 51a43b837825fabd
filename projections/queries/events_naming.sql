-- query: events_naming
-- grain: one row per event that names one of the things asked for, with those that it names
-- needs: a list of subjects
-- why: whoever erases a thing is shown what else names it
select event.position, event.type, event.subject, list(distinct named.subject order by named.subject)
from forms.subjects as named
join whole.events as event on event.position = named.position
where named.subject in (select unnest($subjects))
group by event.position, event.type, event.subject
order by event.position
