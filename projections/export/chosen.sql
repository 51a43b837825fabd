-- export: chosen
-- grain: one row per thing of the statements that were chosen
-- needs: memory.main.chosen_statements, statements, reports, estimates, sources
-- why: what leaves with a statement: where it was found, what it counts, and whoever is named
with recursive statement as materialized (
    from statements semi join memory.main.chosen_statements using (statement_id)
),

report as materialized (
    from reports semi join memory.main.chosen_statements using (statement_id)
),

estimate as materialized (
    from estimates semi join memory.main.chosen_statements using (statement_id)
),

named_sources as (
    select source_id from report
    union
    select unnest(list_transform(via, lambda link: link.source_id)) from report
),

source_ids as (
    select source_id from named_sources where source_id is not null
    union
    select earlier.version_of
    from source_ids
    join sources as earlier using (source_id)
    where earlier.version_of is not null
),

speaker_ids as (
    select unnest(
        [speaker_id, on_behalf_of] || coalesce(co_speakers, []) || coalesce(alternatives, [])
            || coalesce(citing, [])
    ) as id
    from statement
    union
    select unnest(
        coalesce(alternatives, []) || list_transform(coalesce(via, []), lambda link: link.speaker_id)
    )
    from report
    union
    select publisher_id from sources semi join source_ids using (source_id)
)

select 'statement' as noun, statement_id as id from statement
union all
select 'report', report_id from report
union all
select 'estimate', estimate_id from estimate
union all
select distinct 'measure', measure_id from estimate
union all
select 'source', source_id from source_ids
union all
select 'speaker', id from speaker_ids where id is not null
