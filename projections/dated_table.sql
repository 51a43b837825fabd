-- table: dated
-- grain: one row per estimate, as estimates_over_time has them and in its order; none in a small
--        ledger
-- needs: the schema facts
-- why: what estimates_over_time gives, kept: to sort that takes three times as long as to read it.
--      What hardly repeats is stored as it is
create table facts.dated (
    reference_period varchar,
    reference_period_earliest date,
    reference_period_latest date,
    measure_id varchar,
    measure varchar,
    unit varchar,
    tags varchar[],
    claimed varchar,
    comparator varchar,
    low double,
    best double,
    high double,
    low_inclusive boolean,
    high_inclusive boolean,
    value_text varchar,
    basis varchar,
    speaker_id varchar,
    speaker varchar,
    said_at varchar,
    said_at_earliest date,
    said_at_latest date,
    source_id varchar using compression uncompressed,
    publisher varchar,
    published varchar,
    published_earliest date,
    published_latest date,
    quote varchar using compression uncompressed,
    quote_mode varchar,
    estimate_id varchar using compression uncompressed,
    report_id varchar using compression uncompressed,
    statement_id varchar using compression uncompressed,
    position bigint,
    recorded_at timestamp,
    actor varchar
);
