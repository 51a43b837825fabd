-- query: page_conflicting_measures
-- grain: one row per measure of which several numbers were claimed, those with most conflicts first
-- needs: what page_measures and page_conflict_counts give, kept as tables of a pinned moment
-- why: which numbers are disputed, and how often
select measure.*, coalesce(counted.pairs, 0) as pairs
from kept.page_measures as measure
left join kept.page_conflict_counts as counted using (measure_id)
where measure.estimates > 1
order by
    pairs desc,
    coalesce(list_contains(measure.tags, 'militant-count'), false) desc,
    measure.estimates desc,
    measure.measure_id
