-- view: denials
-- grain: one row per statement that denies another, and what it denies
-- brief: speaker, denied_speaker, said_at, quote, reported_by, within
-- needs: forms.reports, forms.sources_in_form, forms.speakers, forms.relations,
--        forms.statements_in_form, forms.speakers_in_form
-- why: who denies what, in which words, and whether the denial is told only by the other side
with first_reports as (
    select
        report.statement_id,
        report.quote,
        coalesce(publisher.name, source.title, source.source_id) as reported_by
    from forms.reports as report
    join forms.sources_in_form as source using (source_id)
    left join forms.speakers as publisher on publisher.speaker_id = source.publisher_id
    qualify row_number() over (
        partition by report.statement_id
        order by source.published_earliest nulls last, report.position, report.report_id
    ) = 1
)

select
    denial.statement_id,
    denied.statement_id as denied_statement_id,
    speaker.name as speaker,
    denied_speaker.name as denied_speaker,
    denial.said_at,
    denial.said_at_earliest,
    denial.said_at_latest,
    report.quote,
    report.reported_by,
    denial.within,
    relation.basis,
    relation.position,
    relation.recorded_at
from forms.relations as relation
join forms.statements_in_form as denial on denial.statement_id = relation.from_id
join forms.statements_in_form as denied on denied.statement_id = relation.to_id
left join forms.speakers_in_form as speaker on speaker.speaker_id = denial.speaker_id
left join forms.speakers_in_form as denied_speaker on denied_speaker.speaker_id = denied.speaker_id
left join first_reports as report on report.statement_id = denial.statement_id
where relation.relation = 'denies'
order by relation.position
