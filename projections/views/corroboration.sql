-- view: corroboration
-- grain: one row per statement
-- brief: statement_id, reports, outlets, primary_sources
-- needs: forms.reports, forms.sources_in_form, forms.statements
-- why: five outlets that repeat one agency are one primary source, not five
with origins as (
    select
        report.statement_id,
        coalesce(source.publisher_id, 'source/' || source.source_id) as outlet,
        coalesce(
            report.via[1].speaker_id,
            'source/' || report.via[1].source_id,
            source.publisher_id,
            'source/' || source.source_id
        ) as primary_source
    from forms.reports as report
    join forms.sources_in_form as source using (source_id)
)

select
    statement.statement_id,
    count(origins.outlet) as reports,
    count(distinct origins.outlet) as outlets,
    count(distinct origins.primary_source) as primary_sources
from forms.statements as statement
left join origins using (statement_id)
group by statement.statement_id
order by statement.statement_id
