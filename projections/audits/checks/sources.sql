-- check: sources
-- grain: one row per form of a source whose fields do not say where its document is
-- needs: the table documents
-- why: a source that was captured names its document and its text, a citation names none
select
    position,
    'the document of source/' || source_id as what,
    if(captured, 'sha256, size, text_sha256 and extractor', 'none, since it was not captured')
        as expected,
    if(captured, 'not all of them, or not in their form', 'some of it') as found
from documents
where (captured and not coalesce(
        regexp_full_match(sha256, '[0-9a-f]{64}')
        and regexp_full_match(text_sha256, '[0-9a-f]{64}')
        and size >= 0 and extractor is not null and extractor_version is not null,
        false
    ))
    or (
        not captured
        and coalesce(sha256, text_sha256, extractor, extractor_version, cast(size as varchar))
            is not null
    )
