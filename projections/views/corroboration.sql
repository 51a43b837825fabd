-- view: corroboration
-- grain: one row per statement
-- key: statement_id
-- brief: statement_id, reports, outlets, primary_sources, primary_source_names
-- needs: forms.gone_itself, forms.statements_in_form, forms.sources_in_form,
--        forms.speakers_in_form, forms.canonical_speakers, forms.reports_in_form
-- why: five outlets that repeat one agency are one primary source, not five. The primary source of
--      a report is the first link of its chain, else who published it, else the source itself; a
--      source in a chain counts as its publisher, speakers judged the same count as one, and a
--      speaker who is void as none
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

sources as materialized (
    select
        source.source_id,
        coalesce(publisher.canonical_id, 'source/' || source.source_id) as outlet,
        coalesce(head.name, source.title, source.source_id) as outlet_name
    from forms.sources_in_form as source
    left join speakers as publisher on publisher.speaker_id = source.publisher_id
    left join speakers as head on head.speaker_id = publisher.canonical_id
),

statements as materialized (
    select statement.statement_id
    from forms.statements_in_form as statement
    anti join itself as own on own.noun = 'statement' and own.id = statement.statement_id
    anti join itself as speaker on speaker.noun = 'speaker' and speaker.id = statement.speaker_id
),

origins as (
    select
        report.statement_id,
        source.outlet,
        coalesce(told.canonical_id, quoted.outlet, source.outlet) as primary_source,
        coalesce(head.name, quoted.outlet_name, source.outlet_name) as primary_source_name
    from forms.reports_in_form as report
    anti join itself as own on own.noun = 'report' and own.id = report.report_id
    anti join itself as gone on gone.noun = 'source' and gone.id = report.source_id
    join sources as source on source.source_id = report.source_id
    left join sources as quoted on quoted.source_id = report.via[1].source_id
    left join speakers as told on told.speaker_id = report.via[1].speaker_id
    left join speakers as head on head.speaker_id = told.canonical_id
),

counted as (
    select
        statement_id,
        count(*) as reports,
        count(distinct outlet) as outlets,
        count(distinct primary_source) as primary_sources,
        list(distinct {name: primary_source_name, id: primary_source}) as named
    from origins
    group by statement_id
)

select
    statement.statement_id,
    coalesce(counted.reports, 0) as reports,
    coalesce(counted.outlets, 0) as outlets,
    coalesce(counted.primary_sources, 0) as primary_sources,
    coalesce([each.name for each in list_sort(counted.named)], []) as primary_source_names
from statements as statement
left join counted using (statement_id)
order by statement.statement_id
