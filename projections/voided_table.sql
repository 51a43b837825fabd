-- table: voided
-- grain: one row per event that a void names as a whole, and that made a thing
-- needs: the schema facts
-- why: what forms.voided_ever gives, kept: no question has to look for it among all events
create table facts.voided (position bigint, subject varchar);
