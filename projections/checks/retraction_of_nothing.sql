-- check: retraction_of_nothing
-- severity: warning
-- finds: a retraction that is related to no statement as retracting it
-- needs: forms.statements, forms.relations
-- why: the statement that was taken back still counts as standing: claims_by_speaker does not know
-- do: relate it to what it takes back, recording that first where it is not there
select
    'statement/' || statement_id as subject,
    position,
    'It is a retraction, but of nothing that is recorded: ' || brief(proposition) || '.' as finding,
    'claims relate ' || statement_id || ' retracts …' as way_out
from forms.statements
anti join (
    select from_id as statement_id from forms.relations where relation = 'retracts'
) as retracting using (statement_id)
where speech_act = 'retract'
