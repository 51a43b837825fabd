-- table: voids
-- grain: one row per void
-- needs: lines
-- why: a void must hide something that was there, and a hidden revision is no form that counts
select position, data.position as target, data.part
from lines
where type = 'claims.record.voided.v1' and subject is not null
