-- check: number_not_in_quote
-- severity: warning
-- finds: a stated number without words of its own, where the quote has numbers, but not this one
-- needs: forms.estimates, forms.measures, forms.reports, forms.sources
-- why: a number is stated only if the quote states it. Where it was worked out it is derived, and
--      where it stands elsewhere in the source the quote is the wrong one
-- do: give the words that state it, a quote that has it, or basis derived with its method
with unworded as materialized (
    select
        estimate.*,
        measure.unit,
        report.quote,
        coalesce(source.language, 'en') ilike 'en%' as english
    from forms.estimates as estimate
    join forms.measures as measure using (measure_id)
    join forms.reports as report using (report_id)
    join forms.sources as source using (source_id)
    where estimate.basis = 'stated'
        and estimate.value_text is null
        and estimate.comparator <> 'unspecified'
        and not stands_plainly(report.quote, estimate.low, estimate.best, estimate.high)
),

-- A quote may have many numbers: it is read once.
said as materialized (
    select quote, english, numbers_said(quote, false) || numbers_said(quote, english) as numbers
    from (select distinct quote, english from unworded)
),

-- With the words for thousand and million that are not known here.
readings as materialized (
    select
        quote,
        english,
        list_distinct(
            numbers || [number * 1e3 for number in numbers] || [number * 1e6 for number in numbers]
        ) as numbers
    from said
    where len(numbers) > 0
),

counted as (
    select unworded.*, readings.numbers from unworded join readings using (quote, english)
)

select
    'estimate/' || estimate_id as subject,
    position,
    'The quote ' || brief(quote) || ' has numbers, but not the one that was recorded as stated in'
        || ' it: ' || claimed(comparator, low, best, high) || '.' as finding,
    'claims revise estimate/' || estimate_id || ' --set "value_text=…" --reason "…", or --set'
        || ' basis=derived --set "method=…"' as way_out
from counted
where not (says(numbers, low, unit) and says(numbers, best, unit) and says(numbers, high, unit))
