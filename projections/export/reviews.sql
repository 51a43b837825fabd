-- export: reviews
-- grain: one row per assessment of a statement, with the statement and where it was reported
-- key: position
-- chosen: is_chosen('statement', statement_id)
-- claims: proposition
-- needs: assessments, statements, reports, sources, speakers
-- why: a rating means nothing without what was claimed, by whom, and where
with outlets as materialized (
    select speaker_id, name, kind, identifiers from speakers
),

appearances as (
    select
        report.statement_id,
        list({
            'report_id': report.report_id,
            'quote': report.quote,
            'quote_mode': report.quote_mode,
            'prefix': report.quote_prefix,
            'suffix': report.quote_suffix,
            'part': report.part,
            'media_fragment': report.media_fragment,
            'attributed_to': report.attributed_to,
            'source_id': source.source_id,
            'title': source.title,
            'author': source.author,
            'published': source.published,
            'url': source.url,
            'language': source.language,
            'publisher': case when outlet.speaker_id is not null then outlet end
        } order by report.position, report.report_id) as reports
    from reports as report
    join sources as source using (source_id)
    left join outlets as outlet on outlet.speaker_id = source.publisher_id
    group by report.statement_id
),

beside as (
    select statement_id, list(outlet order by nth) as speakers
    from (
        select
            statement_id,
            unnest(co_speakers) as speaker_id,
            generate_subscripts(co_speakers, 1) as nth
        from statements
    )
    join outlets as outlet using (speaker_id)
    group by statement_id
)

select
    assessment.position,
    assessment.recorded_at,
    assessment.actor,
    assessment.assessor,
    assessment.rating,
    assessment.information_credibility,
    assessment.url,
    assessment.explanation,
    statement.statement_id,
    statement.said_at,
    statement.attribution,
    statement.speech_act,
    statement.venue,
    statement.audience,
    statement.topics,
    statement.language,
    statement.note,
    statement.proposition,
    claimant,
    beside.speakers as co_speakers,
    appearances.reports
from assessments as assessment
join statements as statement using (statement_id)
join outlets as claimant on claimant.speaker_id = statement.speaker_id
left join beside using (statement_id)
left join appearances using (statement_id)
