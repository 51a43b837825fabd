-- view: erased_ever
-- grain: one row per thing that events name though the event that made it is erased
-- needs: whole.events, forms.mentions, whole.statements, whole.speakers, whole.sources,
--        whole.measures, whole.reports, whole.estimates
-- why: an event names only what was made, so a thing that nothing made was made by an event that
--      is erased; its id is not given again. This reads all names, and is kept as a table; as_of
--      must be unset
with named as (
    select subject from whole.events
    where redacted_by is null and not starts_with(subject, 'ledger/')
    union
    select subject from forms.mentions
),

made as (
    select 'statement/' || statement_id as subject from whole.statements
    union all
    select 'speaker/' || speaker_id from whole.speakers
    union all
    select 'source/' || source_id from whole.sources
    union all
    select 'measure/' || measure_id from whole.measures
    union all
    select 'report/' || report_id from whole.reports
    union all
    select 'estimate/' || estimate_id from whole.estimates
)

select split_part(subject, '/', 1) as noun, split_part(subject, '/', 2) as id
from named
anti join made using (subject)
