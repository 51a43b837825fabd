-- view: erased_documents
-- grain: one row per document that was erased and not captured again since
-- needs: forms.named_documents
-- why: it must be gone
select sha256, max(position) as position
from redactions
where not exists (
    from forms.named_documents as named
    where named.sha256 = redactions.sha256 and named.last_position > redactions.position
)
group by all
