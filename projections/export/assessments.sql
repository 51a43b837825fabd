-- export: assessments
-- grain: one row per assessment of a statement or a source that counts
-- key: position
-- chosen: is_chosen('statement', statement_id) or is_chosen('source', source_id)
-- links: statement_id statements, source_id sources
-- claims: proposition
-- needs: assessments, forms.statements, forms.speakers_in_form
-- why: what third parties rate; what was claimed stands in it with its speaker
with saying as (
    select statement.statement_id, statement.speaker_id, person.name as speaker, statement.proposition
    from forms.statements as statement
    left join forms.speakers_in_form as person using (speaker_id)
)

select
    assessment.statement_id,
    statement.speaker,
    statement.proposition,
    assessment.* exclude (statement_id)
from assessments as assessment
left join saying as statement using (statement_id)
