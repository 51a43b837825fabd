-- query: near_voices
-- grain: one row per statement sought and form that a statement of one speaker ever had
-- needs: near_sought, the speaker, days apart, and the position from which on forms were recorded
--        that are looked at
-- why: only statements of the same speaker and of about the same time are looked at. All forms that
--      a statement ever had lead to it, also void ones, since the forms that count take longer to
--      find; the caller looks at those. One speaker at a time, since to look for several takes
--      many times as long
with form as (
    select
        position, true as is_first, statement_id, speaker_id,
        said_at_earliest as earliest, said_at_latest as latest, proposition
    from seen.statements
    where speaker_id = $speaker and position >= $reach
    union all
    select
        position, false, statement_id, speaker_id, said_at_earliest, said_at_latest, proposition
    from seen.statement_revisions
    where speaker_id = $speaker and position >= $reach
)

select
    mine.place,
    mine.voice,
    form.position,
    form.is_first,
    form.statement_id,
    form.speaker_id,
    form.proposition as words,
    cast(null as varchar) as source_id,
    cast(null as varchar) as attributed_to
from form
join near_sought as mine on mine.voice = $speaker
where coalesce(date_diff('day', mine.latest, form.earliest), 0) <= $days
    and coalesce(date_diff('day', form.latest, mine.earliest), 0) <= $days
