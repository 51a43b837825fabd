-- table: texts
-- grain: one row per source and stretch of the log in which it had one text, or none
-- needs: forms.stretches
-- why: a quote stands in the text that its source had when it was recorded
select source_id, position as since, cast(null as bigint) as until, text_sha256
from documents
anti join (select id from forms.stretches where noun = 'source') as revised on id = source_id
union all
select stretch.id, stretch.since, stretch.until, documents.text_sha256
from forms.stretches as stretch
join documents on documents.position = stretch.form and documents.source_id = stretch.id
where stretch.noun = 'source'
