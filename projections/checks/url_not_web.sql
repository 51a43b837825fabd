-- check: url_not_web
-- severity: warning
-- finds: an address that is no complete address of the web: http or https, and a host
-- needs: forms.sources, seen.statement_assessments, seen.source_assessments, forms.hidden_events,
--        forms.gone_statements, forms.gone_sources
-- why: a reader who follows it gets nowhere
-- do: put the address right, or clear it
with assessments as (
    select 'statement/' || statement_id as subject, position, url
    from seen.statement_assessments
    anti join forms.gone_statements using (statement_id)
    union all
    select 'source/' || source_id, position, url
    from seen.source_assessments
    anti join forms.gone_sources using (source_id)
),

addresses as (
    select
        'source/' || source_id as subject,
        position,
        url,
        'claims revise source/' || source_id || ' --set url=… --reason "…"' as way_out
    from forms.sources
    union all
    select
        subject,
        position,
        url,
        'claims void ' || position || ' --reason "…", and assess it again with the right --url'
    from assessments
    anti join forms.hidden_events using (position)
)

select
    subject,
    position,
    'The address ' || brief(url) || ' is none of the web: it needs http:// or https:// and a host.'
        as finding,
    way_out
from addresses
where not regexp_full_match(
        url,
        '(?i)https?://(?:[^\s/?#@]+@)?(?:[^\s/?#@:\[]+[.][^\s/?#@:]+|\[[0-9a-f:.]+\])(?::[0-9]+)?'
        || '(?:[/?#]\S*)?'
    )
