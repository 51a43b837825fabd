-- check: said_in_future
-- severity: error
-- finds: a statement that was recorded before it was said, wherever on earth that was
-- needs: forms.statements
-- why: the date is wrong: the year, or day and month in the other order
-- do: put the date right
select
    'statement/' || statement_id as subject,
    position,
    'It was recorded on ' || cast(recorded_at as date) || ', but is said to have been said later: '
        || said_at || '.' as finding,
    'claims revise statement/' || statement_id || ' --set said_at=… --reason "…"' as way_out
from forms.statements
where said_at_earliest > cast(recorded_at + interval 14 hour as date)
