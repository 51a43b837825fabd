-- query: names_odd
-- grain: one row per thing of which a command in bulk must be decided one by one
-- needs: nothing
-- why: a thing that a void names, a source that was captured or revised, a thing that is erased
select 'statement/' || statement_id as name
from whole.statements semi join whole.voids on target = statements.position
union all
select 'report/' || report_id
from whole.reports semi join whole.voids on target = reports.position
union all
select 'estimate/' || estimate_id
from whole.estimates semi join whole.voids on target = estimates.position
union all
select 'source/' || source_id
from whole.sources semi join whole.voids on target = sources.position
union all
select 'speaker/' || speaker_id
from whole.speakers semi join whole.voids on target = speakers.position
union all
select 'measure/' || measure_id
from whole.measures semi join whole.voids on target = measures.position
union all
select 'source/' || source_id from whole.sources where text_sha256 is not null
union all
select 'source/' || source_id from whole.source_revisions
union all
select noun || '/' || id from forms.erased
