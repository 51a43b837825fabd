-- check: ids
-- grain: one row per event that gives an id a second time
-- needs: forms.forms, forms.made
-- why: an id is unique per noun for ever
select
    form.position,
    'the id of ' || form.noun || '/' || form.id as what,
    'one that no earlier event gave' as expected,
    'made at position ' || made.made || ' already' as found
from forms.forms as form
join forms.made as made using (noun, id)
where made.times > 1 and not form.revised
qualify row_number() over (partition by form.noun, form.id order by form.position) > 1
