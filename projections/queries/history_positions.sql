-- query: history_positions
-- grain: one row per event that is about a thing or whose data names it
-- needs: the subject
-- why: the view history reads the whole log for their lines, where these are found at once
select position
from forms.subjects
where subject = $subject
