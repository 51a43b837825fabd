-- check: disputed_without_grounds
-- severity: note
-- finds: a statement or report whose speaker is disputed, with no other possible speaker and no
--        note
-- needs: forms.statements, forms.reports
-- why: a reader learns that somebody doubts who said it, but not who, why or who else it may be
-- do: name the alternatives, or say in a note who disputes it
with doubted as (
    select
        'statement/' || statement_id as subject,
        position,
        attribution,
        alternatives,
        note,
        speaker_id
    from forms.statements
    where attribution = 'disputed'
    union all
    select 'report/' || report_id, position, attribution, alternatives, note, null
    from forms.reports
    where attribution = 'disputed'
)

select
    subject,
    position,
    'Who said it is disputed, but no other speaker' || coalesce(' than ' || speaker_id, '')
        || ' is named, and no note says why.' as finding,
    'claims revise ' || subject || ' --set alternatives=… --reason "…"' as way_out
from doubted
where coalesce(len(alternatives), 0) = 0 and note is null
