-- view: touched_estimates_ever
-- grain: one row per estimate of a touched statement, as recorded
-- needs: whole.estimates, facts.touched, facts.hangs
-- why: those that came with the statement and those that were added; as forms.touched_statements_ever
with places as (
    select position from facts.touched
    union
    select position from facts.hangs
)

from whole.estimates
semi join places using (position)
