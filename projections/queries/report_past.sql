-- query: report_past
-- grain: one row per event that the view `history` has of one of the subjects asked for
-- needs: a list of subjects: statements with all of their reports and estimates, and sources, of which
--        it has the events that are about them in the first place
-- why: what was recorded, corrected and voided of the things of a report, found without working out the
--      subjects of every event. The lines themselves are read from the log by their positions
with recursive naming as (
    select position from seen.events where list_contains($subjects, subject)
    union
    select position from seen.relations
    where list_contains($subjects, 'statement/' || to_id)
        or list_contains($subjects, 'report/' || evidence.report_id)
        or list_contains($subjects, 'source/' || evidence.source_id)
    union
    select position from seen.statements
    where within is not null and list_contains($subjects, 'statement/' || within)
    union
    select position from seen.statement_revisions
    where within is not null and list_contains($subjects, 'statement/' || within)
    union
    select position from seen.estimates
    where list_has_any($subjects, ['estimate/' || each for each in derived_from])
    union
    select position from seen.estimate_revisions
    where list_has_any($subjects, ['estimate/' || each for each in derived_from])
),

-- A void of a whole event is about all that the event names, and so is a void of that void.
found as (
    select position from naming
    union
    select void.position
    from seen.voids as void
    join found on found.position = void.target
    where void.part is null
)

select
    event.position,
    event.type,
    event.recorded_at,
    event.actor,
    event.agent,
    event.subject
from seen.events as event
where event.position in (select position from found) and event.redacted_by is null
order by event.position
