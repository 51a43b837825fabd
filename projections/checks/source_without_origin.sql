-- check: source_without_origin
-- severity: note
-- finds: a source with reports that lacks a date, both publisher and author, or both an address and
--        the document itself
-- needs: forms.sources, forms.reports
-- why: nobody can find it again, and the order of publication and the count of outlets leave it out
-- do: fill in what can be found out
with lacking as (
    select
        source_id,
        position,
        title,
        list_filter(
            [
                if(published is null, {field: 'published', what: 'date'}, null),
                if(
                    publisher_id is null and author is null,
                    {field: 'publisher', what: 'publisher or author'}, null
                ),
                if(
                    url is null and not captured,
                    {field: 'url', what: 'address or document'}, null
                ),
            ],
            lambda field: field is not null
        ) as lacks
    from forms.sources
),

used as (
    select source_id, count(*) as reports from forms.reports group by source_id
)

select
    'source/' || source_id as subject,
    position,
    'It has ' || figure(reports) || if(reports = 1, ' report', ' reports') || ', but no '
        || array_to_string([each.what for each in lacks], ', no ')
        || coalesce(': ' || brief(title), '') || '.' as finding,
    'claims revise source/' || source_id || ' --set ' || array_to_string(
        [each.field for each in lacks], '=… --set '
    ) || '=… --reason "…"' as way_out
from lacking
join used using (source_id)
where len(lacks) > 0
