-- table: redactions
-- grain: one row per redaction
-- needs: incoming
-- why: whose content was erased, on whose authority and why
select
    position,
    recorded_at,
    actor,
    data.positions,
    data.documents,
    data.authority,
    data.reason,
    data.note
from incoming
where type = 'claims.record.redacted.v1'
