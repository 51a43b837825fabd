-- view: mentions
-- grain: one row per event and thing that its data names
-- needs: seen.statements, seen.statement_revisions, seen.reports, seen.report_revisions,
--        seen.estimates, seen.estimate_revisions, seen.sources, seen.source_revisions,
--        seen.relations, seen.judgements
-- why: the history of a thing shows every event that names it
with statements as (
    from seen.statements
    union all by name
    from seen.statement_revisions
),

reports as (
    from seen.reports
    union all by name
    from seen.report_revisions
),

estimates as (
    from seen.estimates
    union all by name
    from seen.estimate_revisions
),

sources as (
    from seen.sources
    union all by name
    from seen.source_revisions
),

names as (
    select position, unnest([
        'speaker/' || speaker_id, 'speaker/' || on_behalf_of, 'statement/' || within,
    ] || [
        'speaker/' || name for name in coalesce(co_speakers, []) || coalesce(alternatives, [])
            || coalesce(citing, [])
    ]) as subject
    from statements
    union all
    select position, unnest([
        'report/' || report_id, 'statement/' || statement_id, 'source/' || source_id,
    ] || [
        'speaker/' || name for name in coalesce(alternatives, [])
    ] || [
        coalesce('speaker/' || link.speaker_id, 'source/' || link.source_id)
        for link in coalesce(via, [])
    ])
    from reports
    union all
    select position, unnest([
        'estimate/' || estimate_id, 'report/' || report_id, 'statement/' || statement_id,
        'measure/' || measure_id,
    ] || [
        'estimate/' || name for name in coalesce(derived_from, [])
    ])
    from estimates
    union all
    select position, unnest(['speaker/' || publisher_id, 'source/' || version_of])
    from sources
    union all
    select position, unnest([
        'statement/' || from_id, 'statement/' || to_id,
        'report/' || evidence.report_id, 'source/' || evidence.source_id,
    ])
    from seen.relations
    union all
    select position, unnest(['speaker/' || left_id, 'speaker/' || right_id])
    from seen.judgements
)

select position, subject
from names
where subject is not null
