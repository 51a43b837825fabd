-- view: estimates_over_time
-- grain: one row per estimate, in order of its reference period
-- brief: reference_period, claimed, value_text, measure, speaker, said_at, publisher
-- key: estimate_id
-- when: not in_order()
-- else: facts.dated
-- needs: forms.settled_dated, forms.dated
-- why: which numbers were claimed for which time, by whom, as reported where, in which words
from (
    from forms.settled_dated
    union all
    from forms.dated
)
order by
    reference_period_earliest nulls last,
    reference_period_latest nulls last,
    position,
    estimate_id
