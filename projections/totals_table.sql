-- table: totals
-- grain: one row per speaker, as claims_by_speaker has them; none in a small ledger
-- needs: the schema facts
-- why: what claims_by_speaker gives, kept: in a large ledger it counts millions of rows
create table facts.totals (
    speaker_id varchar,
    statements bigint,
    reports bigint,
    sources bigint,
    estimates bigint,
    first_said date,
    last_said date,
    denied bigint,
    retracted bigint,
    possible_statements bigint,
    roles struct(role varchar, reports bigint)[]
);
