-- table: documents
-- grain: one row per form of a source
-- needs: lines
-- why: which documents must be there, and in which text a quote must stand
select
    position,
    data.source_id,
    data.captured,
    data.sha256,
    data.size,
    data.text_sha256,
    data.extractor,
    data.extractor_version
from lines
where type in ('claims.source.captured.v1', 'claims.source.revised.v1') and subject is not null
