-- query: differences
-- grain: one row per key whose row is not the same in two snapshots of one view
-- needs: the temporary tables old_rows and new_rows (key, position, body); the view's name, and the
--        columns by which a person knows a row of it
-- why: what changed between two moments is found by comparing what stood then, not by reading events
select
    $view as view,
    key,
    case
        when old_rows.body is null then 'added'
        when new_rows.body is null then 'removed'
        else 'changed'
    end as change,
    old_rows.position as old_position,
    new_rows.position as new_position,
    to_json(old_rows.body) as old_body,
    to_json(new_rows.body) as new_body,
    $brief::varchar[] as brief
from old_rows
full join new_rows using (key)
where old_rows.body is distinct from new_rows.body
