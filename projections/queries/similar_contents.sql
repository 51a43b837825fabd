-- query: similar_contents
-- grain: one row per statement asked for, with its reports
-- needs: a list of statement ids
-- why: the words by which statements are compared, with the names that do not tell them apart
with asked as (
    select unnest($statements) as statement_id
),

statement as materialized (
    from forms.statements semi join asked using (statement_id)
),

told as (
    select
        statement_id,
        list(
            {'source_id': source_id, 'words': quote, 'attributed_to': attributed_to}
            order by report_id
        ) as reports
    from forms.reports
    semi join asked using (statement_id)
    group by statement_id
)

select
    statement.statement_id,
    coalesce(speaker.name, statement.speaker_id) as speaker,
    list_concat([speaker.name], speaker.aliases) as names,
    list_concat([statement.speaker_id], statement.co_speakers, statement.alternatives) as speakers,
    statement.said_at,
    statement.said_at_earliest as earliest,
    statement.said_at_latest as latest,
    statement.proposition,
    coalesce(told.reports, []) as reports,
    recorded.position as recorded
from statement
join seen.statements as recorded on recorded.statement_id = statement.statement_id
left join forms.speakers_in_form as speaker on speaker.speaker_id = statement.speaker_id
left join told on told.statement_id = statement.statement_id
