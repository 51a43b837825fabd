-- query: rows
-- grain: one row per finding, at most $most of each check where that is not null
-- needs: the temporary table findings
-- why: the gravest come first, and what was recorded first comes first
select severity, "check", subject, position, finding, way_out
from temp.findings
qualify $most is null
    or row_number() over (partition by "check" order by position, subject) <= $most
order by
    list_position(['error', 'warning', 'note'], severity),
    "check",
    position,
    subject,
    finding
