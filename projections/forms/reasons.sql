-- view: reasons
-- grain: one row per event that gives a reason
-- needs: seen.source_revisions, seen.speaker_revisions, seen.measure_revisions,
--        seen.statement_revisions, seen.report_revisions, seen.estimate_revisions, seen.voids,
--        seen.judgements, seen.redactions
-- why: who asks what changed asks why, without the lines of the log being read
select position, reason from seen.source_revisions
union all
select position, reason from seen.speaker_revisions
union all
select position, reason from seen.measure_revisions
union all
select position, reason from seen.statement_revisions
union all
select position, reason from seen.report_revisions
union all
select position, reason from seen.estimate_revisions
union all
select position, reason from seen.voids
union all
select position, reason from seen.judgements
union all
select position, reason from seen.redactions
