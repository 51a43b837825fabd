-- export: estimates
-- grain: one row per estimate, latest form
-- key: estimate_id
-- chosen: is_chosen('statement', statement_id)
-- links: report_id reports, statement_id statements, measure_id measures, speaker_id speakers
-- needs: estimates, forms.statements, forms.speakers_in_form, forms.measures
-- why: the numbers that are claimed, each with its hedge, who claims it and what it counts
with saying as (
    select statement.statement_id, statement.speaker_id, person.name as speaker
    from forms.statements as statement
    left join forms.speakers_in_form as person using (speaker_id)
)

select
    estimate.estimate_id,
    estimate.report_id,
    estimate.statement_id,
    statement.speaker_id,
    statement.speaker,
    estimate.measure_id,
    measure.label as measure,
    measure.unit,
    estimate.* exclude (estimate_id, report_id, statement_id, measure_id)
from estimates as estimate
left join saying as statement using (statement_id)
left join forms.measures as measure using (measure_id)
