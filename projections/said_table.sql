-- table: said
-- grain: one row per statement, as first recorded
-- needs: the schema facts
-- why: what forms.said_ever gives, kept
create table facts.said (
    position bigint,
    recorded_at timestamp,
    speaker_no bigint,
    said_at_earliest date,
    said_at_latest date
);
