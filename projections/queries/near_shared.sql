-- query: near_shared
-- grain: rows of near_voices for statements that one speaker may have made, or made with others
-- needs: near_sought, near_voices, days apart
-- why: few statements have several speakers, and most ledgers hold none
insert into near_voices
with form as (
    select
        position, true as is_first, statement_id, speaker_id, co_speakers, alternatives,
        said_at_earliest as earliest, said_at_latest as latest, proposition
    from seen.statements
    where co_speakers <> [] or alternatives <> []
    union all
    select
        position, false, statement_id, speaker_id, co_speakers, alternatives,
        said_at_earliest, said_at_latest, proposition
    from seen.statement_revisions
    where co_speakers <> [] or alternatives <> []
),

voices as (
    select *, unnest(list_concat(co_speakers, alternatives)) as voice
    from form
)

select
    mine.place, mine.voice, form.position, form.is_first, form.statement_id, form.speaker_id,
    form.proposition, null, null
from voices as form
join near_sought as mine using (voice)
where coalesce(date_diff('day', mine.latest, form.earliest), 0) <= $days
    and coalesce(date_diff('day', form.latest, mine.earliest), 0) <= $days
