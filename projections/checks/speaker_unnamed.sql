-- check: speaker_unnamed
-- severity: note
-- finds: an unnamed speaker, with the number of their statements
-- needs: forms.speakers, forms.statements, forms.canonical_speakers
-- why: who is not named cannot be asked, and two unnamed officials may be one; sometimes a later
--      source names them
-- do: once it is known who it was, register that speaker and judge both the same
with told as (
    select speaker_id, count(*) as statements from forms.statements group by speaker_id
)

select
    'speaker/' || speaker_id as subject,
    speaker.position,
    'Nobody is named behind ' || brief(speaker.name) || ', of whom ' || figure(told.statements)
        || if(told.statements = 1, ' statement is', ' statements are') || ' recorded.' as finding,
    'claims judge ' || speaker_id || ' … same --reason "…"' as way_out
from forms.speakers as speaker
join told using (speaker_id)
anti join forms.canonical_speakers using (speaker_id)
where speaker.kind = 'unnamed'
