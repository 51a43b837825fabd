-- view: differing_sizes
-- grain: one row per document and size that a source says it has, where its file has another
-- needs: forms.named_documents
-- why: a source says how many bytes its document has
select named.sha256, named.position, named.size as said, present.size as found
from forms.named_documents as named
join present using (sha256)
where named.size <> present.size
