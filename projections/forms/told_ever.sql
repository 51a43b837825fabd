-- view: told_ever
-- grain: one row per report that was recorded with its statement
-- needs: whole.reports, whole.sources, facts.said
-- why: which sources told of whom, and in which role, by numbers as in forms.said_ever; facts.said
--      must hold it. This joins all reports, and is kept as a table; as_of must be unset
select
    report.position,
    report.recorded_at,
    statement.speaker_no,
    source.position as source_no,
    report.attributed_to
from whole.reports as report
join facts.said as statement using (position)
left join whole.sources as source using (source_id)
