-- table: hidden
-- grain: one row per event, or part of one, and stretch of the log in which a void hides it
-- needs: the schema facts
-- why: what forms.hidden_ever gives, kept; `until` is null while it lasts
create table facts.hidden (
    position bigint,
    part varchar,
    since bigint,
    since_at timestamp,
    until bigint,
    until_at timestamp
);
