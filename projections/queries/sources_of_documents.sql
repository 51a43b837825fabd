-- query: sources_of_documents
-- grain: one row per event and document asked for that it names as its bytes or its text
-- needs: a list of SHA-256 in hex
-- why: a document that a source still names is not erased
with source as (
    select position, source_id, sha256, text_sha256 from whole.sources
    union all
    select position, source_id, sha256, text_sha256 from whole.source_revisions
),

named as (
    select position, source_id, unnest([sha256, text_sha256]) as document from source
)

select distinct document, position, source_id
from named
where document in (select unnest($documents))
order by position, document
