-- check: words_of_numbers
-- grain: one row per form of an estimate whose words do not stand in its report's quote
-- needs: forms.report_quotes, forms.unread
-- why: they count from the beginning of the quote, in the form of the report that counted then. A
--      revision that leaves words and report as they were has them from the form that it replaces.
--      Where one of these forms, or a void, cannot be read, nothing is held against the words
with worded as (
    select position, told, estimate_id, report_id, value_text, replaces
    from estimates
    where value_text is not null
),

placed as (
    select worded.*, reports.quote.exact
    from worded
    join reports using (position, report_id)
    where worded.told = 'recorded'
    union all
    select worded.*, quote.exact
    from worded
    join forms.report_quotes as quote
        on quote.report_id = worded.report_id and quote.since < worded.position
        and (quote.until is null or worded.position <= quote.until)
    where worded.told <> 'recorded'
        and not exists (
            from worded as earlier
            where earlier.position = worded.replaces and earlier.estimate_id = worded.estimate_id
                and earlier.report_id = worded.report_id
                and earlier.value_text = worded.value_text
        )
        and not exists (
            from forms.unread as unread
            where unread.position < worded.position
                and (unread.position = worded.replaces
                    or unread.what in ('form of report', 'void'))
        )
)

select
    position,
    'the words of estimate/' || estimate_id as what,
    '“' || value_text.exact || '” in the quote' as expected,
    coalesce(
        '“' || try(
            substr(exact, value_text."start" + 1, value_text."end" - value_text."start")
        ) || '”',
        'no place'
    ) as found
from placed
where not coalesce(
    value_text."start" >= 0
    and try(value_text."end" - value_text."start") = length(value_text.exact)
    and try(substr(exact, value_text."start" + 1, length(value_text.exact))) = value_text.exact,
    false
)
