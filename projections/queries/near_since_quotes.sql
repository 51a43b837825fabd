-- query: near_since_quotes
-- grain: rows of near_voices for quotes, in reports that the views lack, of statements in it
-- needs: near_voices, the reports as JSON
-- why: see near_since
insert into near_voices
with report as materialized (
    select unnest(
        from_json(
            $reports,
            '[{"statement_id": "VARCHAR", "source_id": "VARCHAR", "quote": "VARCHAR",
               "attributed_to": "VARCHAR"}]'
        ),
        max_depth := 2
    )
),

theirs as (
    select distinct place, voice, statement_id, speaker_id
    from near_voices
    semi join report using (statement_id)
)

select
    place, voice, null, null, statement_id, speaker_id, report.quote, report.source_id,
    report.attributed_to
from report
join theirs using (statement_id)
