-- export: documents
-- grain: one row per document that an event brings, in bytes or as text
-- key: sha256
-- needs: seen.sources, seen.source_revisions, a list of positions
-- why: a quote is checked in the text that it stands in
with brought as (
    select position, sha256, text_sha256 from seen.sources
    union all
    select position, sha256, text_sha256 from seen.source_revisions
)

select distinct sha256
from (
    select unnest([sha256, text_sha256]) as sha256
    from brought
    where position in (select unnest($positions))
)
where sha256 is not null
order by sha256
