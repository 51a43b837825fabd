-- check: unanchored_though_captured
-- severity: warning
-- finds: a quote that was never found in a text, though the document was captured meanwhile: as
--        another source of the same address, or as a version of it
-- needs: forms.reports, forms.sources
-- why: words that nobody compared with the document are as good as typed from memory
-- do: revise the report to be of the captured source: the quote is looked for in its text then
with captured as materialized (
    select source_id, url, version_of
    from forms.sources
    where text_sha256 is not null
),

cited as (
    select source.source_id, min(captured.source_id) as captured_id
    from forms.sources as source
    join captured on captured.version_of = source.source_id
    where source.text_sha256 is null
    group by source.source_id
    union all
    select source.source_id, min(captured.source_id)
    from forms.sources as source
    join captured on captured.url = source.url
    where source.text_sha256 is null
        and captured.version_of is distinct from source.source_id
    group by source.source_id
)

select
    'report/' || report.report_id as subject,
    report.position,
    'The quote ' || brief(any_value(report.quote)) || ' was not looked for in a text, but source '
        || min(cited.captured_id) || ' has that of source ' || report.source_id || '.' as finding,
    'claims revise report/' || report.report_id || ' --set source_id=' || min(cited.captured_id)
        || ' --reason "…"' as way_out
from forms.reports as report
join cited using (source_id)
where report.anchor = 'unanchored'
group by report.report_id, report.position, report.source_id
