-- query: near_elsewhere
-- grain: rows of near_voices, without words, for where reports of its statements stand
-- needs: near_voices, the position from which on their statements were recorded
-- why: the first reports of a statement stand where it was recorded first, perhaps as of another
--      speaker; others were added later. From here on reports are found by their positions, which
--      takes a fraction of the time that their statements' ids would
insert into near_voices
with theirs as materialized (
    select
        any_value(place) as place, any_value(voice) as voice, statement_id,
        any_value(speaker_id) as speaker_id, bool_or(is_first) as is_whole
    from near_voices
    group by statement_id
),

elsewhere as materialized (
    select statement_id from theirs where not is_whole
),

added as materialized (
    select position
    from seen.events
    where type = 'claims.report.added.v1' and position >= $reach
),

found as (
    select position, statement_id
    from seen.statements
    semi join elsewhere using (statement_id)
    union all
    select position, statement_id
    from seen.reports
    semi join added using (position)
    semi join theirs using (statement_id)
)

select theirs.place, theirs.voice, found.position, false, statement_id, theirs.speaker_id,
    null, null, null
from found
join theirs using (statement_id)
