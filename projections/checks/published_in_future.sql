-- check: published_in_future
-- severity: error
-- finds: a source that was recorded, or fetched, before it was published, wherever on earth that
--        was
-- needs: forms.sources
-- why: the date is wrong: the year, or day and month in the other order
-- do: put the date right
with fetched as (
    select
        *,
        least(cast(recorded_at as timestamp), try_cast(left(retrieved_at, 10) as timestamp))
            as at_hand
    from forms.sources
)

select
    'source/' || source_id as subject,
    position,
    'It was at hand on ' || cast(at_hand as date) || ', but is said to have been published later: '
        || published || '.' as finding,
    'claims revise source/' || source_id || ' --set published=… --reason "…"' as way_out
from fetched
where published_earliest > cast(at_hand + interval 14 hour as date)
