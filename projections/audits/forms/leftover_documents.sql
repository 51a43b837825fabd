-- view: leftover_documents
-- grain: one row per document that no source names, or that was erased; then with the position of
--        the redaction
-- needs: forms.named_documents, forms.erased_documents
-- why: what was erased must be gone; anything else that nobody names may be left of a crash
select present.sha256, erased.position
from present
left join forms.erased_documents as erased using (sha256)
where erased.position is not null
    or present.sha256 not in (select sha256 from forms.named_documents)
