-- check: same_source_twice
-- severity: warning
-- finds: a source with the document or the address of an earlier one, and not said to be a version
--        of it
-- needs: forms.sources
-- why: one article that is recorded twice repeats itself
-- do: revise its reports to be of the other, then void it; or say what it is a version of
with addressed as (
    select
        source_id,
        position,
        version_of,
        sha256,
        url,
        lower(regexp_extract(url, '^(?i:https?)://(?:www[.])?([^/?#]*)', 1))
            || regexp_replace(regexp_replace(url, '^[a-zA-Z]+://[^/?#]*', ''), '/?(?:#.*)?$', '')
            as address
    from forms.sources
),

placed as (
    select
        source_id,
        position,
        version_of,
        'the document' as what,
        sha256 as shown,
        first_value(source_id) over alike as first_id
    from addressed
    where sha256 is not null
    window alike as (partition by sha256 order by position, source_id)
    union all
    select
        source_id,
        position,
        version_of,
        'the address',
        url,
        first_value(source_id) over alike
    from addressed
    where address <> ''
    window alike as (partition by address order by position, source_id)
)

select
    'source/' || source_id as subject,
    position,
    'It has ' || string_agg(distinct what, ' and ' order by what) || ' of source ' || first_id
        || ': ' || max(shown) || '.' as finding,
    'claims revise source/' || source_id || ' --set version_of=' || first_id
        || ' --reason "…", or revise its reports to be of ' || first_id || ' and void it' as way_out
from placed
where source_id <> first_id and version_of is null
group by source_id, position, first_id
