-- check: pointers
-- grain: one row per thing that is named too early, at the first event that names it
-- needs: forms.pointers
-- why: a reference points to something earlier, or made by the same event
select
    position,
    'a reference, ' || field as what,
    if(noun = 'estimate', 'an ', 'a ') || noun || ' that was made before' as expected,
    id || if(made is null, ', which nothing made', ', which was made at position ' || made) as found
from forms.pointers
where not unread
