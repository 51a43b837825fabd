-- query: page_estimates
-- grain: one row per estimate of a measure, in order of its reference period
-- needs: the measure, how many rows, and how many to pass over
-- why: the numbers that were claimed, with who claimed them and where it stands
select
    estimate_id,
    statement_id,
    report_id,
    claimed,
    comparator,
    low,
    best,
    high,
    value_text,
    reference_period,
    basis,
    speaker_id,
    speaker,
    said_at,
    published,
    source_id,
    publisher,
    quote
from estimates_over_time
where measure_id = $measure
limit $limit
offset $skip
