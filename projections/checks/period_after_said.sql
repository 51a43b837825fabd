-- check: period_after_said
-- severity: warning
-- finds: a number for a period that begins after the statement was said, though nothing is
--        predicted or asked for in it
-- needs: forms.estimates, forms.statements
-- why: what is stated as a fact was true by then; either a date is wrong or it is a prediction
-- do: put the period or the date right, or the speech act: predict, warn, promise, demand
select
    'estimate/' || estimate.estimate_id as subject,
    estimate.position,
    claimed(comparator, low, best, high) || ' refers to ' || reference_period
        || ', after it was said (' || statement.said_at || '), but the speech act is '
        || statement.speech_act || '.' as finding,
    'claims revise estimate/' || estimate.estimate_id
        || ' --set reference_period=… --reason "…", or claims revise statement/'
        || statement.statement_id
        || ' --set speech_act=predict --reason "…"' as way_out
from forms.estimates as estimate
join forms.statements as statement using (statement_id)
where estimate.reference_period_earliest > statement.said_at_latest
    and statement.speech_act in (
        'assert', 'deny', 'confirm', 'accuse', 'correct', 'retract', 'clarify', 'condemn', 'admit',
        'claim_responsibility'
    )
