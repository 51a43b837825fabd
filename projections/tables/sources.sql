-- table: sources
-- grain: one row per source, as first recorded
-- needs: incoming
-- why: what was captured or cited
-- plain: source_id, title, url
select
    position,
    recorded_at,
    actor,
    data.source_id,
    data.publisher_id,
    data.title,
    data.author,
    data.published.edtf as published,
    data.published.earliest as published_earliest,
    data.published.latest as published_latest,
    data.url,
    data.language,
    data.media_type,
    data.captured,
    data.sha256,
    data.size,
    data.text_sha256,
    data.extractor,
    data.extractor_version,
    data.retrieved_at,
    data.version_of,
    data.note
from incoming
where type = 'claims.source.captured.v1'
