-- view: roles
-- grain: one row per speaker, source and role in which the source told of the speaker
-- key: speaker_id, source_id, role
-- brief: speaker, role, source_id, publisher, published, reports
-- needs: forms.reports, forms.statements_in_form, forms.canonical_speakers, forms.speakers_in_form,
--        forms.sources_in_form, forms.gone_speakers
-- why: as what each source presents a speaker; speakers judged the same are one. A role is told by
--      its source: it says nothing of who the speaker is
with named as materialized (
    select speaker.speaker_id, speaker.name
    from forms.speakers_in_form as speaker
    anti join forms.gone_speakers using (speaker_id)
),

told as (
    select
        coalesce(canonical.canonical_id, statement.speaker_id) as speaker_id,
        report.source_id,
        report.attributed_to as role,
        count(*) as reports
    from forms.reports as report
    join forms.statements_in_form as statement using (statement_id)
    left join forms.canonical_speakers as canonical
        on canonical.speaker_id = statement.speaker_id
    where report.attributed_to is not null
    group by all
)

select
    told.speaker_id,
    speaker.name as speaker,
    told.role,
    told.source_id,
    publisher.name as publisher,
    source.published,
    source.published_earliest,
    source.published_latest,
    told.reports
from told
join named as speaker on speaker.speaker_id = told.speaker_id
join forms.sources_in_form as source on source.source_id = told.source_id
left join named as publisher on publisher.speaker_id = source.publisher_id
order by told.speaker_id, source.published_earliest nulls last, told.source_id, told.role
