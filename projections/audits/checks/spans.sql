-- check: spans
-- grain: one row per quote or fragment whose place does not fit its words
-- needs: forms.quotes
-- why: places count code points; a fragment stands inside its quote. A place may be any number, also
--      one beyond what can be counted with
with fragments as (
    select position, report_id, quote, unnest(fragments) as fragment
    from reports
    where fragments is not null
)

select
    position,
    'the place of the quote of ' || subject as what,
    if(anchor = 'unanchored', 'none, since it is unanchored', length(exact) || ' code points')
        as expected,
    coalesce("start" || ' to ' || "end", 'none') as found
from forms.quotes
where if(
    anchor = 'unanchored',
    "start" is not null or "end" is not null,
    not coalesce(
        "start" >= length(coalesce(prefix, '')) and try("end" - "start") = length(exact), false
    )
)
union all
select
    position,
    'a fragment of the quote of report/' || report_id,
    '“' || fragment.exact || '” where it says',
    coalesce(
        '“' || try(substr(
            quote.exact, fragment."start" - quote."start" + 1, fragment."end" - fragment."start"
        )) || '”',
        'no place'
    )
from fragments
where not if(
    quote."start" is null,
    fragment."start" is null and fragment."end" is null and contains(quote.exact, fragment.exact),
    coalesce(
        fragment."start" >= quote."start"
        and try(fragment."end" - fragment."start") = length(fragment.exact)
        and try(substr(
            quote.exact, fragment."start" - quote."start" + 1, length(fragment.exact)
        )) = fragment.exact,
        false
    )
)
