-- table: statement_assessments
-- grain: one row per assessment of a statement
-- needs: incoming
-- why: third parties' ratings; the credibility of information is never the reliability of a source
-- plain: statement_id, explanation
select
    position,
    recorded_at,
    actor,
    data.statement_id,
    data.assessor,
    data.rating,
    data.information_credibility,
    data.url,
    data.explanation,
    data.note
from incoming
where type = 'claims.statement.assessed.v1'
