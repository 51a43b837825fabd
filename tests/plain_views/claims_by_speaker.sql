-- claims_by_speaker as it was first written: everything is joined by ids, and nothing is kept.
-- tests/test_views_recorded.py holds the view to it
with itself as materialized (
    from forms.gone_itself
),

speakers as materialized (
    select
        speaker.speaker_id,
        coalesce(canonical.canonical_id, speaker.speaker_id) as canonical_id,
        speaker.name,
        min(speaker.position) over (
            partition by coalesce(canonical.canonical_id, speaker.speaker_id)
        ) as number
    from forms.speakers_in_form as speaker
    anti join itself on itself.noun = 'speaker' and itself.id = speaker.speaker_id
    left join forms.canonical_speakers as canonical
        on canonical.speaker_id = speaker.speaker_id
),

statements as materialized (
    select
        statement.first_position,
        speaker.number,
        statement.alternatives,
        statement.said_at_earliest,
        statement.said_at_latest
    from forms.statements_in_form as statement
    anti join itself on itself.noun = 'statement' and itself.id = statement.statement_id
    join speakers as speaker on speaker.speaker_id = statement.speaker_id
),

hangs as materialized (
    from forms.hangs
),

reports as (
    select
        statement.number,
        statement.first_position,
        report.source_id,
        report.attributed_to,
        report.alternatives
    from forms.reports_in_form as report
    anti join itself as own on own.noun = 'report' and own.id = report.report_id
    anti join itself as gone on gone.noun = 'source' and gone.id = report.source_id
    left join hangs on hangs.position = report.position
    join statements as statement
        on statement.first_position = coalesce(hangs.first_position, report.position)
),

-- Hidden with their speaker, or with their source: none, nearly always, and then nothing is read.
unsaid as (
    select statement.statement_id
    from forms.statements_in_form as statement
    semi join itself on itself.noun = 'speaker' and itself.id = statement.speaker_id
),

unfound as (
    select report.report_id
    from forms.reports_in_form as report
    semi join itself on itself.noun = 'source' and itself.id = report.source_id
),

answered as (
    select
        denied.first_position,
        denied.number,
        bool_or(relation.relation = 'denies') as denied,
        bool_or(relation.relation = 'retracts') as retracted
    from seen.relations as relation
    anti join forms.hidden_events as hidden on hidden.position = relation.position
    anti join itself as own on own.noun = 'statement' and own.id = relation.from_id
    anti join unsaid on unsaid.statement_id = relation.from_id
    join hangs on hangs.position = relation.position
    join statements as denied on denied.first_position = hangs.first_position
    where relation.relation in ('denies', 'retracts')
    group by denied.first_position, denied.number
),

answers as (
    select
        number,
        count(*) filter (denied) as denied,
        count(*) filter (retracted) as retracted
    from answered
    group by number
),

told as (
    select
        number,
        count(*) as statements,
        min(said_at_earliest) as first_said,
        max(said_at_latest) as last_said
    from statements
    group by number
),

reported as (
    select number, sum(count)::bigint as reports, count(*) as sources
    from (select number, source_id, count(*) as count from reports group by number, source_id)
    group by number
),

worded as (
    select
        number,
        list({role: attributed_to, reports: count} order by count desc, attributed_to) as roles
    from (
        select number, attributed_to, count(*) as count
        from reports
        where attributed_to is not null
        group by number, attributed_to
    )
    group by number
),

counted as (
    select statement.number, count(*) as estimates
    from forms.estimates_in_form as estimate
    anti join itself as own on own.noun = 'estimate' and own.id = estimate.estimate_id
    anti join itself as gone on gone.noun = 'measure' and gone.id = estimate.measure_id
    anti join itself as telling on telling.noun = 'report' and telling.id = estimate.report_id
    anti join unfound on unfound.report_id = estimate.report_id
    left join hangs on hangs.position = estimate.position
    join statements as statement
        on statement.first_position = coalesce(hangs.first_position, estimate.position)
    group by statement.number
),

others as (
    select first_position, number, unnest(alternatives) as speaker_id
    from statements
    where alternatives is not null
    union all
    select first_position, number, unnest(alternatives)
    from reports
    where alternatives is not null
),

possible as (
    select other.number, count(distinct others.first_position) as possible_statements
    from others
    join speakers as other on other.speaker_id = others.speaker_id
    where other.number <> others.number
    group by other.number
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
    coalesce(answers.denied, 0) as denied,
    coalesce(answers.retracted, 0) as retracted,
    coalesce(possible.possible_statements, 0) as possible_statements,
    coalesce(worded.roles, []) as roles
from speakers as speaker
left join told on told.number = speaker.number
left join possible on possible.number = speaker.number
left join answers on answers.number = speaker.number
left join reported on reported.number = speaker.number
left join counted on counted.number = speaker.number
left join worded on worded.number = speaker.number
where speaker.speaker_id = speaker.canonical_id
    and (told.number is not null or possible.number is not null)
order by coalesce(told.statements, 0) desc, speaker.speaker_id
