-- query: near_since
-- grain: rows of near_voices for forms of statements that the views lack
-- needs: near_sought, near_voices, days apart, the forms as JSON
-- why: to take a few events into the views takes longer than to look at them
insert into near_voices
with form as (
    select unnest(
        from_json(
            $forms,
            '[{"statement_id": "VARCHAR", "position": "BIGINT", "is_first": "BOOLEAN",
               "speaker_id": "VARCHAR", "voices": ["VARCHAR"], "earliest": "DATE",
               "latest": "DATE", "words": "VARCHAR"}]'
        ),
        max_depth := 2
    )
),

voices as (
    select *, unnest(voices) as voice
    from form
)

select
    mine.place, mine.voice, form.position, form.is_first, form.statement_id, form.speaker_id,
    form.words, null, null
from voices as form
join near_sought as mine using (voice)
where coalesce(date_diff('day', mine.latest, form.earliest), 0) <= $days
    and coalesce(date_diff('day', form.latest, mine.earliest), 0) <= $days
