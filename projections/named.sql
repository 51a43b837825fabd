-- select: names
-- grain: one row per name and event that bears or makes it
-- needs: the tables of a view file
-- why: by these a command finds what it names
select key as name, position from facts.events
where key is not null
union all
select 'source/' || source_id, position from facts.sources
union all
select 'source/' || source_id, position from facts.source_revisions
union all
select 'speaker/' || speaker_id, position from facts.speakers
union all
select 'speaker/' || speaker_id, position from facts.speaker_revisions
union all
select 'measure/' || measure_id, position from facts.measures
union all
select 'measure/' || measure_id, position from facts.measure_revisions
union all
select 'statement/' || statement_id, position from facts.statements
union all
select 'statement/' || statement_id, position from facts.statement_revisions
union all
select 'report/' || report_id, position from facts.reports
union all
select 'report/' || report_id, position from facts.report_revisions
union all
select 'estimate/' || estimate_id, position from facts.estimates
union all
select 'estimate/' || estimate_id, position from facts.estimate_revisions
union all
select 'void/' || target, position from facts.voids
union all
select 'reports/' || statement_id, position from facts.reports
semi join (
    select position from facts.events where type = 'claims.report.added.v1'
) as added using (position)
union all
select 'reports/' || statement_id, position from facts.report_revisions
