-- view: voids
-- grain: one row per event, or part of one, that counts no longer
-- key: target, part
-- brief: target, part, reason, position, actor
-- needs: seen.voids, forms.hidden, forms.hidden_events
-- why: what was taken out of the views, by whom and why; it all stays in the history
select
    void.target,
    void.part,
    void.reason,
    void.note,
    void.position,
    void.recorded_at,
    void.actor
from seen.voids as void
semi join forms.hidden as hidden
    on hidden.position = void.target and hidden.part is not distinct from void.part
anti join forms.hidden_events as dead on dead.position = void.position
