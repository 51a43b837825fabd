-- view: repetitions
-- grain: one row per report of a statement that has several, in order of publication
-- brief: statement_id, nth, publisher, published, lag_days, quote
-- needs: forms.reports, forms.sources_in_form, forms.speakers
-- why: who told it first and who told it again, and how much later
with counting as materialized (
    from forms.reports
),

several as (
    select statement_id
    from counting
    group by statement_id
    having count(*) > 1
),

placed as (
    select
        report.*,
        publisher.name as publisher,
        source.published,
        source.published_earliest,
        source.published_latest,
        row_number() over publication as nth,
        min(source.published_earliest) over (partition by report.statement_id) as first_published
    from counting as report
    semi join several using (statement_id)
    join forms.sources_in_form as source on source.source_id = report.source_id
    left join forms.speakers as publisher on publisher.speaker_id = source.publisher_id
    window publication as (
        partition by report.statement_id
        order by source.published_earliest nulls last, report.position, report.report_id
    )
)

select
    statement_id,
    report_id,
    source_id,
    publisher,
    published,
    published_earliest,
    published_latest,
    nth,
    date_diff('day', first_published, published_earliest) as lag_days,
    quote,
    via,
    position,
    recorded_at
from placed
order by statement_id, nth
