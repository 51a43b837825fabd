-- table: touched_reports
-- grain: one row per report of a touched statement, as recorded
-- needs: facts.reports
-- why: what forms.touched_reports_ever gives, kept
create table facts.touched_reports as
select
    position,
    recorded_at,
    report_id,
    source_id,
    attributed_to,
    alternatives,
    quote,
    quote_mode
from facts.reports
limit 0;
