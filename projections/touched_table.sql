-- table: touched
-- grain: one row per statement, by its position, that may not be as it was first recorded
-- needs: the schema facts
-- why: what forms.touched_ever gives, kept
create table facts.touched (position bigint);
