-- check: void_still_named
-- severity: warning
-- finds: something that counts and names a thing that does not: void, or erased
-- needs: forms.gone_itself, forms.statements, forms.reports, forms.estimates, forms.sources,
--        forms.relations
-- why: chains, alternatives and derivations point to nothing; the views leave the name out
-- do: name another one, or clear the field; or reinstate the thing by voiding its void
with gone as materialized (
    from forms.gone_itself
),

names as (
    select 'statement/' || statement_id as subject, position, 'speaker' as noun, field, name
    from (
        select
            statement_id,
            position,
            unnest(
                [{field: 'on_behalf_of', name: on_behalf_of}]
                || [{field: 'co_speakers', name: name} for name in coalesce(co_speakers, [])]
                || [{field: 'alternatives', name: name} for name in coalesce(alternatives, [])]
                || [{field: 'citing', name: name} for name in coalesce(citing, [])],
                recursive := true
            )
        from forms.statements
        where on_behalf_of is not null or co_speakers is not null or alternatives is not null
            or citing is not null
    )
    union all
    select 'statement/' || statement_id, position, 'statement', 'within', within
    from forms.statements
    where within is not null
    union all
    select 'report/' || report_id, position, 'speaker', 'alternatives', unnest(alternatives)
    from forms.reports
    union all
    select
        'report/' || report_id,
        position,
        if(link.speaker_id is null, 'source', 'speaker'),
        'via',
        coalesce(link.speaker_id, link.source_id)
    from (select report_id, position, unnest(via) as link from forms.reports)
    union all
    select 'estimate/' || estimate_id, position, 'estimate', 'derived_from', unnest(derived_from)
    from forms.estimates
    union all
    select 'source/' || source_id, position, 'speaker', 'publisher_id', publisher_id
    from forms.sources
    where publisher_id is not null
    union all
    select 'source/' || source_id, position, 'source', 'version_of', version_of
    from forms.sources
    where version_of is not null
    union all
    select 'statement/' || from_id, position, 'report', 'evidence', evidence.report_id
    from forms.relations
    where evidence.report_id is not null
    union all
    select 'statement/' || from_id, position, 'source', 'evidence', evidence.source_id
    from forms.relations
    where evidence.source_id is not null
)

select
    names.subject,
    names.position,
    'Its ' || names.field || ' names ' || names.noun || ' ' || names.name
        || ', which counts no longer.' as finding,
    if(
        names.field = 'evidence',
        'claims void ' || names.position || ' --reason "…", and relate them again',
        'claims revise ' || names.subject || ' --set ' || names.field || '=… --reason "…"'
    ) as way_out
from names
join gone on gone.noun = names.noun and gone.id = names.name
