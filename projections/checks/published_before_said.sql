-- check: published_before_said
-- severity: error
-- finds: a report in a source that was published before the statement was said, for certain: its
--        latest day lies before the earliest day of the statement
-- needs: forms.reports, forms.statements, forms.sources
-- why: nobody reports what is not said yet; one of the two dates is wrong, or the source is
-- do: look for both dates in the source, and revise the one that is wrong
select
    'report/' || report.report_id as subject,
    report.position,
    'Source ' || report.source_id || ' was published ' || source.published || ', before statement '
        || statement.statement_id || ' was said (' || statement.said_at || ').' as finding,
    'claims revise source/' || report.source_id
        || ' --set published=… --reason "…", or claims revise statement/'
        || statement.statement_id || ' --set said_at=… --reason "…"' as way_out
from forms.reports as report
join forms.sources as source using (source_id)
join forms.statements as statement using (statement_id)
where source.published_latest < statement.said_at_earliest
