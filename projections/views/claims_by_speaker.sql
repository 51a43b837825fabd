-- view: claims_by_speaker
-- grain: one row per speaker; speakers judged the same are one
-- key: speaker_id
-- brief: speaker, statements, reports, sources, estimates, first_said, last_said, denied, retracted,
--        possible_statements
-- when: not totals_stand()
-- else: forms.totals_named
-- needs: facts.totals, forms.changed_speakers, forms.gone_itself, forms.touched, forms.hangs,
--        seen.said, seen.told, seen.counted, forms.touched_statements, forms.touched_reports,
--        forms.touched_estimates, forms.statements_in_form, forms.reports_in_form,
--        forms.canonical_speakers, forms.speakers_in_form, seen.speakers, seen.sources,
--        seen.measures, seen.relations, forms.hidden_events
-- why: who claims how much, where it was found, how much of it is denied or retracted, and in which
--      roles reports told of the speaker. A statement that is given to somebody else, but may be
--      this speaker's, counts in possible_statements alone
with itself as materialized (
    from forms.gone_itself
),

touched as materialized (
    from forms.touched
),

hangs as materialized (
    from forms.hangs
),

-- A speaker's number is the position of the registration; all judged the same have one group.
speakers as materialized (
    select
        speaker.speaker_id,
        coalesce(canonical.canonical_id, speaker.speaker_id) as canonical_id,
        speaker.name,
        registered.position as speaker_no,
        min(registered.position) over (
            partition by coalesce(canonical.canonical_id, speaker.speaker_id)
        ) as number
    from forms.speakers_in_form as speaker
    anti join itself on itself.noun = 'speaker' and itself.id = speaker.speaker_id
    join seen.speakers as registered on registered.speaker_id = speaker.speaker_id
    left join forms.canonical_speakers as canonical
        on canonical.speaker_id = speaker.speaker_id
),

-- Of all others facts.totals tells, and nothing of theirs is counted.
changed as materialized (
    select distinct speaker.number
    from speakers as speaker
    semi join forms.changed_speakers as changed on changed.speaker_id = speaker.speaker_id
),

-- Whose statements are counted, by all whom they were judged the same as.
members as materialized (
    select speaker.speaker_no, speaker.number
    from speakers as speaker
    semi join changed on changed.number = speaker.number
),

gone_sources as materialized (
    select source.position as source_no
    from seen.sources as source
    semi join itself on itself.noun = 'source' and itself.id = source.source_id
),

gone_measures as materialized (
    select measure.position as measure_no
    from seen.measures as measure
    semi join itself on itself.noun = 'measure' and itself.id = measure.measure_id
),

-- Statements that somebody touched since are looked at one by one; the others count as they came.
touched_statements as materialized (
    select
        statement.first_position,
        speaker.number,
        statement.alternatives,
        statement.said_at_earliest,
        statement.said_at_latest
    from forms.touched_statements as statement
    anti join itself on itself.noun = 'statement' and itself.id = statement.statement_id
    join speakers as speaker on speaker.speaker_id = statement.speaker_id
),

-- NOT IN, here and below, since DuckDB may turn an anti join round, and then makes a hash table of
-- all that was ever said.
statements as (
    select
        said.position as first_position,
        member.number,
        said_at_earliest,
        said_at_latest
    from seen.said as said
    join members as member on member.speaker_no = said.speaker_no
    where said.position not in (from touched)
    union all
    select first_position, number, said_at_earliest, said_at_latest
    from touched_statements
),

touched_reports as materialized (
    select
        statement.number,
        statement.first_position,
        source.position as source_no,
        report.attributed_to,
        report.alternatives
    from forms.touched_reports as report
    anti join itself as own on own.noun = 'report' and own.id = report.report_id
    join seen.sources as source on source.source_id = report.source_id
    anti join gone_sources as gone on gone.source_no = source.position
    left join hangs on hangs.position = report.position
    join touched_statements as statement
        on statement.first_position = coalesce(hangs.first_position, report.position)
),

reports as materialized (
    select
        member.number,
        told.source_no,
        told.attributed_to
    from seen.told as told
    join members as member on member.speaker_no = told.speaker_no
    where told.position not in (from touched)
        and coalesce(told.source_no, -1) not in (from gone_sources)
    union all
    select number, source_no, attributed_to
    from touched_reports
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
    join touched_statements as denied on denied.first_position = hangs.first_position
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

totals as (
    select
        number,
        count(*) as statements,
        min(said_at_earliest) as first_said,
        max(said_at_latest) as last_said
    from statements
    group by number
),

found as (
    select number, count(distinct coalesce(source_no, -1)) as sources
    from reports
    group by number
),

reported as (
    select
        number,
        sum(count)::bigint as reports,
        list({role: attributed_to, reports: count} order by count desc, attributed_to)
            filter (attributed_to is not null) as roles
    from (
        select number, attributed_to, count(*) as count
        from reports
        group by number, attributed_to
    )
    group by number
),

estimates as (
    select member.number
    from seen.counted as estimate
    join members as member on member.speaker_no = estimate.speaker_no
    where estimate.position not in (from touched)
        and estimate.measure_no not in (from gone_measures)
        and estimate.source_no not in (from gone_sources)
    union all
    select statement.number
    from forms.touched_estimates as estimate
    anti join itself as own on own.noun = 'estimate' and own.id = estimate.estimate_id
    anti join itself as gone on gone.noun = 'measure' and gone.id = estimate.measure_id
    anti join itself as telling on telling.noun = 'report' and telling.id = estimate.report_id
    anti join unfound on unfound.report_id = estimate.report_id
    left join hangs on hangs.position = estimate.position
    join touched_statements as statement
        on statement.first_position = coalesce(hangs.first_position, estimate.position)
),

counted as (
    select number, count(*) as estimates
    from estimates
    group by number
),

others as (
    select first_position, number, unnest(alternatives) as speaker_id
    from touched_statements
    where alternatives is not null
    union all
    select first_position, number, unnest(alternatives)
    from touched_reports
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
    coalesce(totals.statements, 0) as statements,
    coalesce(reported.reports, 0) as reports,
    coalesce(found.sources, 0) as sources,
    coalesce(counted.estimates, 0) as estimates,
    totals.first_said,
    totals.last_said,
    coalesce(answers.denied, 0) as denied,
    coalesce(answers.retracted, 0) as retracted,
    coalesce(possible.possible_statements, 0) as possible_statements,
    coalesce(reported.roles, []) as roles
from speakers as speaker
semi join changed on changed.number = speaker.number
left join totals on totals.number = speaker.number
left join possible on possible.number = speaker.number
left join answers on answers.number = speaker.number
left join reported on reported.number = speaker.number
left join found on found.number = speaker.number
left join counted on counted.number = speaker.number
where speaker.speaker_id = speaker.canonical_id
    and (totals.number is not null or possible.number is not null)
union all
select speaker.speaker_id, speaker.name, total.* exclude (speaker_id)
from facts.totals as total
join speakers as speaker on speaker.speaker_id = total.speaker_id
anti join changed on changed.number = speaker.number
order by statements desc, speaker_id
