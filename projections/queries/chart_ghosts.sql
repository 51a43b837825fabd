-- query: chart_ghosts
-- grain: one row per earlier form of an estimate of a measure, in the order in which they stood
-- needs: the measure's id
-- why: shows beside what counts now what was recorded before, until when, by whom corrected and why.
--      A revision that is void counts as never made
with revisions as materialized (
    select *
    from seen.estimate_revisions
    anti join forms.hidden_events using (position)
),

forms as (
    select
        estimate_id, statement_id, measure_id, comparator, low, best, high, value_text,
        reference_period, reference_period_earliest, reference_period_latest, position
    from seen.estimates
    semi join revisions using (estimate_id)
    union all by name
    select
        estimate_id, statement_id, measure_id, comparator, low, best, high, value_text,
        reference_period, reference_period_earliest, reference_period_latest, position
    from revisions
),

followed as (
    select
        *,
        lead(position) over (partition by estimate_id order by position) as replaced_by
    from forms
)

select
    form.estimate_id,
    form.statement_id,
    claimed(form.comparator, form.low, form.best, form.high) as claimed,
    form.comparator,
    form.low,
    form.best,
    form.high,
    form.value_text,
    form.reference_period,
    form.reference_period_earliest,
    form.reference_period_latest,
    form.position,
    form.replaced_by,
    revision.actor as revised_by,
    revision.recorded_at as revised_at,
    revision.reason
from followed as form
join revisions as revision on revision.position = form.replaced_by
where form.measure_id = $measure
order by form.estimate_id, form.position
