-- view: hidden
-- grain: one row per event, or part of an event, that a void hides
-- when: not looks_at_now()
-- else: forms.hidden_now
-- needs: hidden_table()
-- why: what does not count at the moment that is looked at
select position, part
from query_table(hidden_table())
where stood(since, since_at) and (until is null or not stood(until, until_at))
