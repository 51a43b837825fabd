-- table: findings
-- grain: one row per finding of a check
-- why: counted, shown in groups and written out, without being sought again
create or replace temp table findings (
    severity varchar,
    "check" varchar,
    subject varchar,
    position bigint,
    finding varchar,
    way_out varchar
);
