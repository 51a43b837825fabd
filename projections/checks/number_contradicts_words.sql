-- check: number_contradicts_words
-- severity: error
-- finds: a number that is none of those that its words say, in digits or in English numerals
-- needs: forms.estimates, forms.measures, forms.reports, forms.sources
-- why: the number is what every view counts with, the words are what was said. Digits are refused
--      where a number is recorded; this finds numerals, units of counting and what came past that
-- do: put the number right, or its words; a number that we worked out is derived, not stated
with stated as (
    select
        estimate.*,
        measure.unit,
        numbers_said(estimate.value_text, coalesce(source.language, 'en') ilike 'en%') as said
    from forms.estimates as estimate
    join forms.measures as measure using (measure_id)
    join forms.reports as report using (report_id)
    join forms.sources as source using (source_id)
    where estimate.basis = 'stated'
        and estimate.value_text is not null
        and not says_plainly(
            estimate.value_text, estimate.low, estimate.best, estimate.high
        )
)

select
    'estimate/' || estimate_id as subject,
    position,
    'The words ' || brief(value_text) || ' say ' || array_to_string([
        figure(digits_15(number)) for number in list_sort(list_distinct(said)) if number < 1e15
    ], ' or ') || ', but the number recorded is ' || claimed(comparator, low, best, high) || '.'
        as finding,
    'claims revise estimate/' || estimate_id || ' --set "value=…" --reason "…"' as way_out
from stated
where len(said) > 0
    and not (says(said, low, unit) and says(said, best, unit) and says(said, high, unit))
