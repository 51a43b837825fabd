-- query: causes
-- grain: one row per change, with the event that made it
-- needs: the temporary table changes, that of all views' differences; the sizes between which they
--        lie, the later of which is looked at
-- why: in which event, by whom, when and why. A row that has a new form is changed by the event of
--      that form; else by the void that hid or showed that form, then by the one that hid or showed
--      what it hangs on; a row that is worked out from many, by the last event about what it names
with parts as materialized (
    select
        view,
        key,
        change,
        brief,
        unnest(json_keys(coalesce(new_body, old_body))) as field,
        generate_subscripts(json_keys(coalesce(new_body, old_body)), 1) as place,
        old_body,
        new_body
    from changes
),

fields as materialized (
    select
        view,
        key,
        change,
        brief,
        field,
        place,
        nullif(json_extract(old_body, '$."' || field || '"'), 'null') as old,
        nullif(json_extract(new_body, '$."' || field || '"'), 'null') as new
    from parts
),

told as (
    select
        view,
        key,
        case
            when any_value(change) = 'changed'
            then string_agg(
                field || ': ' || coalesce(old ->> '$', 'none')
                || ' → ' || coalesce(new ->> '$', 'none'), '; '
                order by place
            )
            else string_agg(coalesce(new, old) ->> '$', ' · ' order by place)
                filter (list_contains(brief, field))
        end as what,
        to_json(list({field: field, old: old, new: new} order by place)) as fields
    from fields
    where old is distinct from new
    group by view, key
),

named as materialized (
    select distinct view, key, subject
    from (
        select
            view,
            key,
            case
                when field = 'subject' then ''
                when field in ('left', 'right') then 'speaker/'
                when field in ('from', 'to', 'within') then 'statement/'
                when regexp_matches(field, '(speaker|publisher|canonical)_id$') then 'speaker/'
                else regexp_extract(field, '(statement|report|estimate|source|measure)_id$', 1)
                    || '/'
            end || unnest([old ->> '$', new ->> '$']) as subject
        from fields
        where field in ('subject', 'left', 'right', 'from', 'to', 'within')
            or regexp_matches(
                field,
                '(statement|report|estimate|source|measure|speaker|publisher|canonical)_id$'
            )
    )
    where subject is not null
),

parents as materialized (
    from named
    union
    select named.view, named.key, 'speaker/' || statement.speaker_id
    from named
    join forms.statements_in_form as statement
        on named.subject = 'statement/' || statement.statement_id
    union
    select named.view, named.key, 'source/' || report.source_id
    from named
    join forms.reports_in_form as report on named.subject = 'report/' || report.report_id
),

persons as materialized (
    select view, key, subject from named where subject = 'speaker/' || key
    union
    select named.view, named.key, 'speaker/' || unnest([judged.left_id, judged.right_id])
    from named
    join seen.judgements as judged on named.key in (judged.left_id, judged.right_id)
    where named.subject = 'speaker/' || named.key
),

relatives as (
    from parents
    union
    from persons
    union
    select persons.view, persons.key, 'statement/' || statement.statement_id
    from persons
    join forms.statements_in_form as statement
        on persons.subject = 'speaker/' || statement.speaker_id
    union
    select named.view, named.key, 'source/' || report.source_id
    from named
    join forms.reports_in_form as report on named.subject = 'statement/' || report.statement_id
),

flips as materialized (
    select position as target, part, since as position, until is null or until >= $stop as lasts
    from query_table(hidden_table())
    where since >= $start and since < $stop
    union all
    select position, part, until, false
    from query_table(hidden_table())
    where until >= $start and until < $stop
),

flipped_forms as (
    select
        changes.view,
        changes.key,
        if(
            changes.change = 'removed',
            min(flips.position) filter (flips.lasts), max(flips.position)
        ) as position
    from changes
    join flips on flips.target in (changes.old_position, changes.new_position)
    where flips.part is null
    group by changes.view, changes.key, changes.change
),

flipped_things as (
    select coalesce(flips.part, event.subject) as subject, flips.position, flips.lasts
    from flips
    join seen.events as event on event.position = flips.target
    where flips.part is not null
        or regexp_matches(event.type, '[.](captured|registered|defined|recorded|added)[.]v[0-9]+$')
),

flipped_parents as (
    select
        changes.view,
        changes.key,
        if(
            changes.change = 'removed',
            min(flipped.position) filter (flipped.lasts), max(flipped.position)
        ) as position
    from changes
    join parents on parents.view = changes.view and parents.key = changes.key
    join flipped_things as flipped on flipped.subject = parents.subject
    group by changes.view, changes.key, changes.change
),

touched as (
    select relatives.view, relatives.key, max(about.position) as position
    from relatives
    join forms.subjects as about on about.subject = relatives.subject
    where about.position >= $start and about.position < $stop
    group by relatives.view, relatives.key
),

caused as (
    select
        changes.view,
        changes.key,
        changes.change,
        coalesce(
            if(changes.new_position >= $start, changes.new_position, null),
            flipped_forms.position,
            flipped_parents.position,
            touched.position
        ) as position
    from changes
    left join flipped_forms
        on flipped_forms.view = changes.view and flipped_forms.key = changes.key
    left join flipped_parents
        on flipped_parents.view = changes.view and flipped_parents.key = changes.key
    left join touched on touched.view = changes.view and touched.key = changes.key
)

select
    caused.view,
    caused.key,
    caused.change,
    told.what,
    told.fields,
    event.position,
    event.type,
    event.recorded_at,
    event.actor,
    reasons.reason
from caused
left join told on told.view = caused.view and told.key = caused.key
left join seen.events as event on event.position = caused.position
left join forms.reasons as reasons on reasons.position = caused.position
order by caused.position nulls last, caused.view, caused.key
