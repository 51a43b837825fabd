-- table: hangs
-- grain: one row per event about a statement that was recorded before it
-- needs: the schema facts
-- why: what forms.hangs_ever gives, kept: positions are joined many times faster than ids
create table facts.hangs (position bigint, first_position bigint);
