-- view: denials
-- grain: one row per statement that denies another, and what it denies, in order of said_at
-- key: position
-- brief: speaker, denied_speaker, denied_proposition, said_at, quote, reported_by,
--        only_reported_by_other_side
-- needs: forms.gone_itself, forms.statements_in_form, seen.relations, forms.hidden_events,
--        forms.reports_in_form, forms.sources_in_form, forms.speakers_in_form,
--        forms.canonical_speakers
-- why: who denies what, in which words, and whether the denial is told only by the other side:
--      inside a statement of the very speaker (after judgements) whom it denies. Words and outlet
--      are those of the report that was published first
with itself as materialized (
    from forms.gone_itself
),

statements as materialized (
    from forms.statements_in_form as statement
    anti join itself as own on own.noun = 'statement' and own.id = statement.statement_id
    anti join itself as speaker on speaker.noun = 'speaker' and speaker.id = statement.speaker_id
),

speakers as materialized (
    select
        speaker.speaker_id,
        coalesce(canonical.canonical_id, speaker.speaker_id) as canonical_id,
        speaker.name
    from forms.speakers_in_form as speaker
    anti join itself on itself.noun = 'speaker' and itself.id = speaker.speaker_id
    left join forms.canonical_speakers as canonical
        on canonical.speaker_id = speaker.speaker_id
),

relations as materialized (
    from seen.relations
    anti join forms.hidden_events using (position)
    where relation = 'denies'
),

first_reports as (
    select
        report.statement_id,
        report.report_id,
        report.source_id,
        report.quote,
        coalesce(publisher.name, source.title, source.source_id) as reported_by
    from forms.reports_in_form as report
    semi join relations on relations.from_id = report.statement_id
    anti join itself as own on own.noun = 'report' and own.id = report.report_id
    anti join itself as gone on gone.noun = 'source' and gone.id = report.source_id
    join forms.sources_in_form as source on source.source_id = report.source_id
    left join speakers as publisher on publisher.speaker_id = source.publisher_id
    qualify row_number() over (
        partition by report.statement_id
        order by source.published_earliest nulls last, report.position, report.report_id
    ) = 1
)

select
    denial.statement_id,
    denied.statement_id as denied_statement_id,
    denial.speaker_id,
    speaker.name as speaker,
    denied.speaker_id as denied_speaker_id,
    denied_speaker.name as denied_speaker,
    denied.proposition as denied_proposition,
    denial.said_at,
    denial.said_at_earliest,
    denial.said_at_latest,
    report.quote,
    report.reported_by,
    report.report_id,
    report.source_id,
    denial.within,
    coalesce(teller.canonical_id = denied_speaker.canonical_id, false)
        as only_reported_by_other_side,
    relation.basis,
    relation.position,
    relation.recorded_at,
    relation.actor
from relations as relation
join statements as denial on denial.statement_id = relation.from_id
join statements as denied on denied.statement_id = relation.to_id
join speakers as speaker on speaker.speaker_id = denial.speaker_id
join speakers as denied_speaker on denied_speaker.speaker_id = denied.speaker_id
left join statements as around on around.statement_id = denial.within
left join speakers as teller on teller.speaker_id = around.speaker_id
left join first_reports as report on report.statement_id = denial.statement_id
order by
    denial.said_at_earliest nulls last,
    denial.said_at_latest nulls last,
    relation.position
