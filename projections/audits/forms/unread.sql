-- view: unread
-- grain: one row per event that is erased or of a newer type, and what it may have made or changed
-- needs: the table events, the variable audit_types
-- why: what such an event made is not missed, and what it changed is not held against others. `what`
--      is the noun of a thing that was made, `form of <noun>` of one that was revised, or `void`
select
    position,
    unnest(
        case
            when not list_contains(getvariable('audit_types'), type)
                then [
                    'source', 'speaker', 'measure', 'statement', 'report', 'estimate',
                    'form of report', 'void'
                ]
            when type = 'claims.statement.recorded.v1' then ['statement', 'report', 'estimate']
            when type in (
                'claims.source.captured.v1', 'claims.speaker.registered.v1',
                'claims.measure.defined.v1', 'claims.report.added.v1', 'claims.estimate.added.v1'
            ) then [split_part(type, '.', 2)]
            when type like '%.revised.v1' then ['form of ' || split_part(type, '.', 2)]
            when type = 'claims.record.voided.v1' then ['void']
        end
    ) as what
from events
where subject is null or not list_contains(getvariable('audit_types'), type)
