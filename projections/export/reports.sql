-- export: reports
-- grain: one row per report, latest form
-- key: report_id
-- chosen: is_chosen('statement', statement_id)
-- links: statement_id statements, source_id sources, speaker_id speakers
-- needs: reports, forms.statements, forms.speakers_in_form
-- why: in which source and in which words a statement appears; a quote never stands without the
--      speaker whose words it is said to give
with saying as (
    select statement.statement_id, statement.speaker_id, person.name as speaker
    from forms.statements as statement
    left join forms.speakers_in_form as person using (speaker_id)
)

select
    report.report_id,
    report.statement_id,
    statement.speaker_id,
    statement.speaker,
    report.* exclude (report_id, statement_id)
from reports as report
left join saying as statement using (statement_id)
