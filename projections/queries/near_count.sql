-- query: near_count
-- grain: one row, of how many statements of one speaker, recorded from a position on, a statement
--        sought would be compared: of all that are sought the least
-- needs: near_sought, the speaker, days apart, the position
-- why: who says most has said so much that to read all of it takes seconds
select coalesce(min(heard), 0)
from (
    select mine.place, count(form.position) as heard
    from near_sought as mine
    left join (
        select position, said_at_earliest, said_at_latest
        from seen.statements
        where speaker_id = $speaker and position >= $reach
    ) as form
        on coalesce(date_diff('day', mine.latest, form.said_at_earliest), 0) <= $days
        and coalesce(date_diff('day', form.said_at_latest, mine.earliest), 0) <= $days
    where mine.voice = $speaker
    group by mine.place
)
