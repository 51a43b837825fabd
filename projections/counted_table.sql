-- table: counted
-- grain: one row per estimate that was recorded with its statement
-- needs: the schema facts
-- why: what forms.counted_ever gives, kept; what hardly repeats is stored as it is
create table facts.counted (
    position bigint,
    recorded_at timestamp,
    actor varchar,
    statement_id varchar using compression uncompressed,
    estimate_id varchar using compression uncompressed,
    report_id varchar using compression uncompressed,
    measure_id varchar,
    measure_no bigint,
    comparator varchar,
    low double,
    best double,
    high double,
    low_inclusive boolean,
    high_inclusive boolean,
    value_text varchar,
    reference_period varchar,
    reference_period_earliest date,
    reference_period_latest date,
    basis varchar,
    speaker_id varchar,
    speaker_no bigint,
    said_at varchar,
    said_at_earliest date,
    said_at_latest date,
    source_id varchar using compression uncompressed,
    source_no bigint,
    publisher_no bigint,
    published varchar,
    published_earliest date,
    published_latest date,
    quote varchar using compression uncompressed,
    quote_mode varchar,
    claimed varchar
);
