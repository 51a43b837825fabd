-- view: named_documents
-- grain: one row per document, and size where one is given, that a form of a source names
-- needs: the table documents
-- why: what must lie in the ledger's folder, under its hash. A hash in another form is no name of a
--      file, and is told elsewhere
with named as (
    select sha256, size, position from documents
    union all
    select text_sha256, null, position from documents where text_sha256 is distinct from sha256
)

select sha256, size, min(position) as position, max(position) as last_position
from named
where regexp_full_match(sha256, '[0-9a-f]{64}')
group by all
