-- query: names_erased
-- grain: one row per thing that is erased and still named
-- needs: nothing
-- why: its id is not given to another thing
select noun, id from forms.erased
