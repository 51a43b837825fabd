-- check: anchors
-- grain: one row per quote that has a place where its source has no text, or none where it has one
-- needs: forms.placed
-- why: a quote is unanchored only where its source was only cited
select
    position,
    'the quote of ' || subject as what,
    if(text_sha256 is null, 'no place, since its source has no text', 'its place in the text')
        as expected,
    if(text_sha256 is null, 'begins at ' || "start", 'none') as found
from forms.placed
where (text_sha256 is null) <> ("start" is null)
