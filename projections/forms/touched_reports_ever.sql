-- view: touched_reports_ever
-- grain: one row per report of a touched statement, as recorded
-- needs: whole.reports, facts.touched, facts.hangs
-- why: those that came with the statement and those that were added, as forms.touched_statements_ever
with places as (
    select position from facts.touched
    union
    select position from facts.hangs
)

select
    position,
    recorded_at,
    report_id,
    source_id,
    attributed_to,
    alternatives,
    quote,
    quote_mode
from whole.reports
semi join places using (position)
