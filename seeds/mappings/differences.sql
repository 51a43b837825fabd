-- Where those who wrote down one series differ: a row per measure and day on which their figures
-- are not the same, with each one's figure. A hedge alone is no difference here; the view
-- `conflicts` has the pairs that cannot both be true, with "about" read as 10 % either way.
--
-- claims query - < differences.sql
select
    measure_id,
    reference_period as day,
    count(distinct figure) as figures,
    string_agg(publisher || ': ' || claimed, '; ' order by publisher) as transcribed
from (
    select *, coalesce(best, low, high) as figure
    from estimates_over_time
    where speaker_id = 'general-staff-ukraine'
)
group by measure_id, day
having count(distinct figure) > 1
order by measure_id, day
