-- view: settled_dated
-- grain: one row per estimate of which facts.dated tells what stands
-- when: dated_stands()
-- else: nothing
-- needs: facts.dated, forms.unsettled_events
-- why: only what the tail has an event about may be otherwise
from facts.dated
where position not in (from forms.unsettled_events)
