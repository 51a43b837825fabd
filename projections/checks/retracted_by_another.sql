-- check: retracted_by_another
-- severity: warning
-- finds: a statement that somebody else retracts: neither its speaker nor who said it with them,
--        and nobody for whom one of them spoke
-- needs: forms.relations, forms.statements, forms.canonical_speakers
-- why: only who said a thing takes it back; somebody else denies or contradicts it, and an outlet
--      that takes back its report corrects a source, not the statement
-- do: void the relation and record the one that is meant, or put the speaker right
with retractions as materialized (
    select from_id, to_id, position from forms.relations where relation = 'retracts'
),

ends as (
    select position, from_id as statement_id, 'from' as place from retractions
    union all
    select position, to_id, 'to' from retractions
),

sayers as (
    select
        ends.position,
        ends.place,
        statement.speaker_id,
        unnest(list_distinct(
            [statement.speaker_id, statement.on_behalf_of] || coalesce(statement.co_speakers, [])
        )) as name
    from ends
    join forms.statements as statement using (statement_id)
),

canonical as (
    select
        position,
        any_value(sayers.speaker_id) filter (place = 'from') as retractor,
        any_value(sayers.speaker_id) filter (place = 'to') as speaker,
        list(coalesce(canonical_id, name)) filter (place = 'from') as retracting,
        list(coalesce(canonical_id, name)) filter (place = 'to') as retracted
    from sayers
    left join forms.canonical_speakers as canonical on canonical.speaker_id = sayers.name
    where name is not null
    group by position
)

select
    'statement/' || from_id as subject,
    position,
    retractor || ' retracts statement ' || to_id || ', which is ' || speaker || '’s.' as finding,
    'claims void ' || position || ' --reason "…"; then, where it is meant, claims relate '
        || from_id || ' denies ' || to_id as way_out
from canonical
join retractions using (position)
where not list_has_any(retracting, retracted)
