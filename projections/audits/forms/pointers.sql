-- table: pointers
-- grain: one row per thing that is named before it is made, or never made at all
-- needs: forms.every_mention, forms.made, forms.unread
-- why: a reference must point to something earlier, or in the same event. What may have been made by
--      an event that cannot be read is not missed
select
    mention.noun,
    mention.id,
    mention.field,
    mention.position,
    made.made,
    made.made is null and exists (
        from forms.unread as unread
        where unread.what = mention.noun and unread.position <= mention.position
    ) as unread
from forms.every_mention as mention
left join forms.made as made using (noun, id)
where made.made is null or made.made > mention.position
