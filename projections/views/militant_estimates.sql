-- view: militant_estimates
-- grain: one row per estimate of a measure tagged militant-count, in order of reference period
-- key: estimate_id
-- brief: reference_period, claimed, value_text, measure, speaker, said_at, publisher
-- needs: estimates_over_time
-- why: how many militants were claimed for which time, by whom
from estimates_over_time
where list_contains(tags, 'militant-count')
order by
    reference_period_earliest nulls last,
    reference_period_latest nulls last,
    position,
    estimate_id
