-- table: told
-- grain: one row per report that was recorded with its statement
-- needs: the schema facts
-- why: what forms.told_ever gives, kept
create table facts.told (
    position bigint,
    recorded_at timestamp,
    speaker_no bigint,
    source_no bigint,
    attributed_to varchar
);
