-- query: chart_estimates
-- grain: one row per estimate of a measure, in the order of the view, at most so many
-- needs: the measure's id, and how many rows at most
-- why: draws which numbers were claimed for which time, and which of them were denied or taken back
with estimates as materialized (
    select *
    from estimates_over_time
    where measure_id = $measure
    order by
        reference_period_earliest nulls last,
        reference_period_latest nulls last,
        position,
        estimate_id
    limit $most
),

answered as (
    select
        to_id as statement_id,
        bool_or(relation = 'denies') as denied,
        bool_or(relation = 'retracts') as retracted
    from forms.relations
    where relation in ('denies', 'retracts')
    group by to_id
)

select
    estimate.*,
    coalesce(answered.denied, false) as denied,
    coalesce(answered.retracted, false) as retracted
from estimates as estimate
left join answered on answered.statement_id = estimate.statement_id
order by
    estimate.reference_period_earliest nulls last,
    estimate.reference_period_latest nulls last,
    estimate.position,
    estimate.estimate_id
