-- view: relations
-- grain: one row per relation that counts: not void, and neither are its ends
-- needs: forms.gone_statements, seen.relations, forms.hidden_events
-- why: a relation hangs on both statements
with gone as materialized (
    from forms.gone_statements
)

from seen.relations
anti join forms.hidden_events using (position)
anti join gone as one on one.statement_id = from_id
anti join gone as other on other.statement_id = to_id
