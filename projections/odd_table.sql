-- table: odd
-- grain: one row per statement, by its position, of which the other kept tables do not tell all
-- needs: the schema facts
-- why: what forms.odd_ever gives, kept
create table facts.odd (position bigint);
