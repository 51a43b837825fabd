-- table: touched_reports
-- grain: one row per report of a touched statement, as recorded
-- needs: facts.reports
-- why: what forms.touched_reports_ever gives, kept: these rows lie together here
create table facts.touched_reports as from facts.reports limit 0;
