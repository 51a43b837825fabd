-- view: sources
-- grain: one row per source, latest form
-- key: source_id
-- derived: publisher
-- brief: source_id, publisher, title, author, published, captured
-- needs: forms.sources, forms.speakers
-- why: the documents that statements were found in
select
    source.source_id,
    source.publisher_id,
    publisher.name as publisher,
    source.title,
    source.author,
    source.published,
    source.published_earliest,
    source.published_latest,
    source.url,
    source.language,
    source.captured,
    source.media_type,
    source.sha256,
    source.size,
    source.text_sha256,
    source.extractor,
    source.extractor_version,
    source.retrieved_at,
    source.version_of,
    source.note,
    source.position,
    source.recorded_at,
    source.actor
from forms.sources as source
left join forms.speakers as publisher on publisher.speaker_id = source.publisher_id
