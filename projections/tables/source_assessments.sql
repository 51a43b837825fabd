-- table: source_assessments
-- grain: one row per assessment of a source
-- needs: incoming
-- why: third parties' ratings; the reliability of a source is never the credibility of information
select
    position,
    recorded_at,
    actor,
    data.source_id,
    data.assessor,
    data.rating,
    data.source_reliability,
    data.url,
    data.explanation,
    data.note
from incoming
where type = 'claims.source.assessed.v1'
