-- view: placed
-- grain: one row per quote whose source is known, with the text of that source at the time
-- needs: forms.quotes, forms.texts
-- why: prefix, words and suffix stand side by side, so they are compared as one
select
    quote.position,
    quote.subject,
    quote."start",
    text.text_sha256,
    try(quote."start" - length(coalesce(quote.prefix, ''))) as begin,
    coalesce(quote.prefix, '') || quote.exact || coalesce(quote.suffix, '') as words
from forms.quotes as quote
join forms.texts as text
    on text.source_id = quote.source_id and text.since < quote.position
    and (text.until is null or quote.position <= text.until)
