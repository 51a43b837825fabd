-- view: claims_by_speaker
-- grain: one row per speaker; speakers judged the same are one
-- key: speaker_id
-- brief: speaker, statements, reports, sources, estimates, first_said, last_said, denied, retracted,
--        possible_statements
-- needs: forms.gone_itself, forms.statements_in_form, forms.reports_in_form,
--        forms.estimates_in_form, forms.canonical_speakers, forms.speakers_in_form,
--        seen.relations, forms.hidden_events
-- why: who claims how much, where it was found, how much of it is denied or retracted, and in which
--      roles each source told of the speaker. A statement that is given to somebody else, but may be
--      this speaker's, counts in possible_statements alone
with itself as materialized (
    from forms.gone_itself
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

statements as materialized (
    select
        statement.statement_id,
        speaker.canonical_id,
        statement.alternatives,
        statement.said_at_earliest,
        statement.said_at_latest
    from forms.statements_in_form as statement
    anti join itself on itself.noun = 'statement' and itself.id = statement.statement_id
    join speakers as speaker on speaker.speaker_id = statement.speaker_id
),

reports as materialized (
    select
        report.report_id,
        report.statement_id,
        report.source_id,
        report.attributed_to,
        report.alternatives,
        statement.canonical_id
    from forms.reports_in_form as report
    anti join itself as own on own.noun = 'report' and own.id = report.report_id
    anti join itself as gone on gone.noun = 'source' and gone.id = report.source_id
    join statements as statement on statement.statement_id = report.statement_id
),

answered as (
    select
        denied.statement_id,
        bool_or(relation.relation = 'denies') as denied,
        bool_or(relation.relation = 'retracts') as retracted
    from seen.relations as relation
    anti join forms.hidden_events as hidden on hidden.position = relation.position
    join statements as answer on answer.statement_id = relation.from_id
    join statements as denied on denied.statement_id = relation.to_id
    where relation.relation in ('denies', 'retracts')
    group by denied.statement_id
),

told as (
    select
        statement.canonical_id,
        count(*) as statements,
        min(statement.said_at_earliest) as first_said,
        max(statement.said_at_latest) as last_said,
        count(*) filter (answered.denied) as denied,
        count(*) filter (answered.retracted) as retracted
    from statements as statement
    left join answered using (statement_id)
    group by statement.canonical_id
),

reported as (
    select
        canonical_id,
        count(*) as reports,
        count(distinct source_id) as sources,
        list_sort(
            list(distinct {source_id: source_id, role: attributed_to})
                filter (attributed_to is not null)
        ) as roles
    from reports
    group by canonical_id
),

counted as (
    select report.canonical_id, count(*) as estimates
    from forms.estimates_in_form as estimate
    anti join itself as own on own.noun = 'estimate' and own.id = estimate.estimate_id
    anti join itself as gone on gone.noun = 'measure' and gone.id = estimate.measure_id
    join reports as report on report.report_id = estimate.report_id
    group by report.canonical_id
),

others as (
    select statement_id, canonical_id, unnest(alternatives) as speaker_id from statements
    union all
    select statement_id, canonical_id, unnest(alternatives) from reports
),

possible as (
    select other.canonical_id, count(distinct others.statement_id) as possible_statements
    from others
    join speakers as other on other.speaker_id = others.speaker_id
    where other.canonical_id <> others.canonical_id
    group by other.canonical_id
)

select
    speaker.speaker_id,
    speaker.name as speaker,
    coalesce(told.statements, 0) as statements,
    coalesce(reported.reports, 0) as reports,
    coalesce(reported.sources, 0) as sources,
    coalesce(counted.estimates, 0) as estimates,
    told.first_said,
    told.last_said,
    coalesce(told.denied, 0) as denied,
    coalesce(told.retracted, 0) as retracted,
    coalesce(possible.possible_statements, 0) as possible_statements,
    coalesce(reported.roles, []) as roles
from speakers as speaker
left join told on told.canonical_id = speaker.speaker_id
left join possible on possible.canonical_id = speaker.speaker_id
left join reported on reported.canonical_id = speaker.speaker_id
left join counted on counted.canonical_id = speaker.speaker_id
where told.canonical_id is not null or possible.canonical_id is not null
order by coalesce(told.statements, 0) desc, speaker.speaker_id
