-- table: evidence
-- grain: one row per relation that says what shows it
-- needs: lines
-- why: a quote stands there too
select
    position,
    data.evidence.report_id,
    data.evidence.source_id,
    data.evidence.quote,
    data.evidence.anchor
from lines
where type = 'claims.statements.related.v1' and data.evidence is not null
