-- table: touched_estimates
-- grain: one row per estimate of a touched statement, as recorded
-- needs: facts.estimates
-- why: what forms.touched_estimates_ever gives, kept: these rows lie together here
create table facts.touched_estimates as from facts.estimates limit 0;
