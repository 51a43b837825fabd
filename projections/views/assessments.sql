-- view: assessments
-- grain: one row per assessment of a statement or a source that counts
-- key: position
-- brief: statement_id, source_id, assessor, information_credibility, source_reliability, explanation
-- needs: seen.statement_assessments, forms.gone_statements, seen.source_assessments,
--        forms.gone_sources, forms.hidden_events
-- why: third parties' ratings; credibility of information and reliability of a source never mix
with counting as (
    from seen.statement_assessments
    anti join forms.gone_statements using (statement_id)
    union all by name
    from seen.source_assessments
    anti join forms.gone_sources using (source_id)
)

select
    statement_id,
    source_id,
    assessor,
    rating,
    information_credibility,
    source_reliability,
    url,
    explanation,
    note,
    position,
    recorded_at,
    actor
from counting
anti join forms.hidden_events using (position)
