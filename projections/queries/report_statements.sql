-- query: report_statements
-- grain: one row per statement of a report, in the order in which they were said
-- needs: a list of statement ids
-- why: a report shows each statement with how many outlets carried it, and how many of those are
--      independent of each other: as the view `corroboration` has it, for these statements alone
with told as materialized (
    select statement_id, source_id, via
    from forms.reports
    where list_contains($statements, statement_id)
),

speakers as materialized (
    select
        speaker.speaker_id,
        coalesce(canonical.canonical_id, speaker.speaker_id) as canonical_id,
        speaker.name
    from forms.speakers as speaker
    left join forms.canonical_speakers as canonical using (speaker_id)
),

sources as materialized (
    select
        source.source_id,
        coalesce(publisher.canonical_id, 'source/' || source.source_id) as outlet,
        coalesce(head.name, source.title, source.source_id) as outlet_name
    from forms.sources_in_form as source
    left join speakers as publisher on publisher.speaker_id = source.publisher_id
    left join speakers as head on head.speaker_id = publisher.canonical_id
    where source.source_id in (
        select source_id from told
        union all
        select via[1].source_id from told
    )
),

origins as (
    select
        told.statement_id,
        source.outlet,
        coalesce(passed.canonical_id, quoted.outlet, source.outlet) as primary_source,
        coalesce(head.name, quoted.outlet_name, source.outlet_name) as primary_source_name
    from told
    join sources as source on source.source_id = told.source_id
    left join sources as quoted on quoted.source_id = told.via[1].source_id
    left join speakers as passed on passed.speaker_id = told.via[1].speaker_id
    left join speakers as head on head.speaker_id = passed.canonical_id
),

counted as (
    select
        statement_id,
        count(distinct outlet) as outlets,
        count(distinct primary_source) as primary_sources,
        list(distinct {name: primary_source_name, id: primary_source}) as named
    from origins
    group by statement_id
)

select
    statement.*,
    coalesce(counted.outlets, 0) as outlets,
    coalesce(counted.primary_sources, 0) as primary_sources,
    coalesce([each.name for each in list_sort(counted.named)], []) as primary_source_names
from statements as statement
left join counted using (statement_id)
where list_contains($statements, statement.statement_id)
order by statement.said_at_earliest nulls last, statement.position
