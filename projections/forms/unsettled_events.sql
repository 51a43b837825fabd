-- view: unsettled_events
-- grain: one row per event, by its position, that records a statement of forms.unsettled or is
--        about it
-- needs: forms.unsettled, forms.hangs
-- why: estimates bear the position of the event that made them, or revised them last
with unsettled as materialized (
    from forms.unsettled
)

from unsettled
union
select hangs.position
from forms.hangs
semi join unsettled on unsettled.position = hangs.first_position
