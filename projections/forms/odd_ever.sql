-- view: odd_ever
-- grain: one row per statement, by its position, of which the kept tables do not tell all
-- needs: facts.said, facts.told, facts.counted, whole.estimates,
--        whole.sources, whole.statements, whole.reports
-- why: something that it names is erased, or it may be another speaker's; such statements are looked
--      at one by one. facts.said, told and counted must hold it; kept as a table; as_of must be unset
select position from facts.said where speaker_no is null
union
select position from facts.told where source_no is null
union
select estimate.position
from whole.estimates as estimate
semi join facts.said using (position)
anti join facts.counted as counted
    on counted.position = estimate.position and counted.estimate_id = estimate.estimate_id
union
select counted.position
from facts.counted
join whole.sources as source on source.position = counted.source_no
where counted.publisher_no is null and source.publisher_id is not null
union
select position from whole.statements where alternatives is not null
union
select report.position
from whole.reports as report
semi join facts.said using (position)
where report.alternatives is not null
