-- table: redactions
-- grain: one row per document that a redaction erased
-- needs: lines
-- why: what was erased must be gone, and is missed by nobody
select position, unnest(data.documents) as sha256
from lines
where type = 'claims.record.redacted.v1' and subject is not null
