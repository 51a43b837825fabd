-- check: hedge_contradicts_words
-- severity: warning
-- finds: a number whose words carry another hedge than it does, such as an exact 10,000 for "more
--        than 10,000"
-- needs: forms.estimates, forms.reports, forms.sources
-- why: a lost hedge turns a bound into a figure, and then into a conflict with other figures. Only
--      English hedges that stand directly at the number are read, also where they stand in the
--      quote just beside the words
-- do: give the number the hedge that its words have
with worded as materialized (
    select
        estimate.*,
        before_number(estimate.value_text, report.quote, estimate.value_start) as before,
        after_number(estimate.value_text, report.quote, estimate.value_end) as after
    from forms.estimates as estimate
    join forms.reports as report using (report_id)
    join forms.sources as source using (source_id)
    where estimate.basis = 'stated'
        and estimate.comparator not in ('between', 'unspecified')
        and substr(report.quote, estimate.value_start + 1, length(estimate.value_text))
            = estimate.value_text
        and coalesce(source.language, 'en') ilike 'en%'
),

hedged as materialized (
    select *, hedge_said(before, after) as said from worded
)

select
    'estimate/' || estimate_id as subject,
    position,
    'With ' || brief(value_text) || ' stands “'
        || coalesce(nullif(phrase_before(before), ''), phrase_after(after))
        || '”, but the number recorded is ' || claimed(comparator, low, best, high) || '.'
        as finding,
    'claims revise estimate/' || estimate_id || ' --set "value=' || case said
        when 'or more' then '> '
        when 'or less' then '<= '
        when 'nearly' then '< '
        else '~'
    end || '…" --reason "…"' as way_out
from hedged
where not hedge_kept(said, comparator) and len(figures_in(folded(value_text))) <= 1
