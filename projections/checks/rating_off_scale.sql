-- check: rating_off_scale
-- severity: error
-- finds: a rating outside of the scale that it names itself, from worst to best
-- needs: seen.statement_assessments, seen.source_assessments, forms.hidden_events,
--        forms.gone_statements, forms.gone_sources
-- why: no reader can tell what it means; value and scale are mixed up, or one of them is mistyped.
--      Scales run either way: of one whose worst is not known, only what lies beyond the best is
--      found
-- do: look at the assessor's page; void the assessment and record it again
with counting as (
    select 'statement/' || statement_id as subject, position, assessor, rating
    from seen.statement_assessments
    anti join forms.gone_statements using (statement_id)
    union all
    select 'source/' || source_id, position, assessor, rating
    from seen.source_assessments
    anti join forms.gone_sources using (source_id)
)

select
    subject,
    position,
    assessor || ' rates it ' || figure(rating.value) || coalesce(' (' || rating.label || ')', '')
        || ', outside of the scale ' || coalesce('from ' || figure(rating.worst) || ' ', '')
        || coalesce('to ' || figure(rating.best), '') || '.' as finding,
    'claims void ' || position || ' --reason "…", and assess it again' as way_out
from counting
anti join forms.hidden_events using (position)
where rating.value > greatest(rating.best, coalesce(rating.worst, rating.best))
    or (rating.worst is not null and rating.value < least(rating.best, rating.worst))
