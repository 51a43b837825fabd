-- check: replaced
-- grain: one row per revision that replaces another form than the one that counted
-- needs: forms.stretches, forms.unread
-- why: whoever revises has seen what counts. Where a void, or the form itself, cannot be read, it
--      cannot be told which form counted
select
    form.position,
    'the form that a revision replaces' as what,
    'position ' || stretch.form || ', which counted' as expected,
    'position ' || form.replaces as found
from things as form
join forms.stretches as stretch
    on stretch.noun = form.noun and stretch.id = form.id and stretch.since < form.position
    and (stretch.until is null or form.position <= stretch.until)
where form.revised and form.replaces is distinct from stretch.form
    and not exists (
        from forms.unread as unread
        where unread.position < form.position
            and (unread.position = form.replaces or unread.what = 'void')
    )
