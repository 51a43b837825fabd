-- view: subjects
-- grain: one row per event and thing that it is about, or that its data names
-- needs: seen.events, forms.mentions, seen.voids
-- why: a void is about all that the event which it hides is about; a void of a part is about the
--      part and the thing that the event made. What an erased event was about is not known
with recursive direct as materialized (
    select position, subject from seen.events where redacted_by is null
    union
    select position, subject from forms.mentions
),

void_chain as (
    select position, target, part from seen.voids
    union
    select chain.position, void.target, coalesce(chain.part, void.part) as part
    from void_chain as chain
    join seen.voids as void on void.position = chain.target
),

made as (
    select chain.position, event.subject
    from void_chain as chain
    join seen.events as event on event.position = chain.target
    where event.redacted_by is null
),

named as (
    select chain.position, direct.subject
    from void_chain as chain
    join direct on direct.position = chain.target
    where chain.part is null
)

from direct
union
from made
union
from named
