-- export: annotations
-- grain: one row per report, with its statement, its numbers, its source and all who are named
-- key: report_id
-- chosen: is_chosen('statement', statement_id)
-- needs: reports, statements, forms.statements, sources, speakers, measures, estimates
-- why: marked words say nothing without who is said to have claimed what by them
with people as materialized (
    select speaker_id, kind, name, aliases, identifiers, memberships, note from speakers
),

numbers as (
    select
        estimate.report_id,
        list(estimate order by estimate.position, estimate.estimate_id) as estimates,
        list_sort(list(distinct measure)) as measures
    from (select * exclude (claimed, recorded_at, actor, statement_id) from estimates) as estimate
    join (select measure_id, label, unit, definition, kind, tags, note from measures) as measure
        using (measure_id)
    group by estimate.report_id
),

mentioned as (
    select report_id, unnest(
        [statement.speaker_id, statement.on_behalf_of, source.publisher_id]
            || coalesce(statement.co_speakers, []) || coalesce(statement.alternatives, [])
            || coalesce(statement.citing, []) || coalesce(report.alternatives, [])
            || list_transform(coalesce(report.via, []), lambda link: link.speaker_id)
    ) as speaker_id
    from reports as report
    join statements as statement using (statement_id)
    join sources as source using (source_id)
),

named as (
    select report_id, list(person order by person.speaker_id) as speakers
    from (select distinct report_id, speaker_id from mentioned where speaker_id is not null)
    join people as person using (speaker_id)
    group by report_id
)

select
    formed.first_position as position,
    statement.statement_id,
    report.report_id,
    report.recorded_at,
    report.actor,
    statement,
    report,
    source,
    numbers.estimates,
    numbers.measures,
    named.speakers
from reports as report
join statements as statement using (statement_id)
join forms.statements as formed using (statement_id)
join sources as source using (source_id)
left join numbers using (report_id)
left join named using (report_id)
