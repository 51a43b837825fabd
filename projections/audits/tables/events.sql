-- table: events
-- grain: one row per event; an erased one has no subject
-- needs: lines
-- why: where things were made, what a void hides, and which keys were given. `about` is the subject
--      that an event should have, where it has another; that of a void depends on what it hides
with named as (
    select
        position,
        type,
        subject,
        key,
        case
            when subject is null then null
            when type = 'claims.speakers.judged.v1' then 'speaker/' || data."left"
            when type = 'claims.statements.related.v1' then 'statement/' || data."from"
            when type like 'claims.source.%' then 'source/' || data.source_id
            when type like 'claims.speaker.%' then 'speaker/' || data.speaker_id
            when type like 'claims.measure.%' then 'measure/' || data.measure_id
            when type like 'claims.statement.%' then 'statement/' || data.statement_id
            when type like 'claims.report.%' then 'report/' || data.report_id
            when type like 'claims.estimate.%' then 'estimate/' || data.estimate_id
        end as about
    from lines
)

select position, type, subject, key, if(subject = about, null, about) as about
from named
