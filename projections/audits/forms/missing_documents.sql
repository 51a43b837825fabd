-- view: missing_documents
-- grain: one row per document that a source names and that is not there, though it was not erased
-- needs: forms.named_documents, forms.erased_documents
-- why: what was captured is kept
select sha256, min(position) as position
from forms.named_documents
anti join present using (sha256)
anti join forms.erased_documents using (sha256)
group by all
