-- table: hidden
-- grain: one row per revision and stretch of the log in which a void hides it
-- needs: whole.hidden_ever
-- why: a revision that is void is no form that counts; `until` is null while it lasts
select position, since, until
from whole.hidden_ever
semi join (select position from things where revised) using (position)
