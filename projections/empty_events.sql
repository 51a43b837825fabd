-- change: events
-- grain: one row per event that a redaction names and whose content was there when it was read
-- needs: the temporary table leaving (position, redacted_by)
-- why: they are shown as they will be once the redaction is carried out
update facts.events
set subject = null, actor = null, agent = null, key = null, redacted_by = leaving.redacted_by
from leaving
where events.position = leaving.position;
