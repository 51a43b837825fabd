-- view: touched
-- grain: one row per statement, by its position, that may not be as it was first recorded
-- when: has_grown()
-- else: facts.touched
-- needs: facts.touched, forms.touched_since
-- why: views look at these one by one, and take the others from the kept tables as they are
select position from facts.touched
union all
select position from forms.touched_since
