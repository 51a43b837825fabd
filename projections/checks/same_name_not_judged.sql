-- check: same_name_not_judged
-- severity: warning
-- finds: two speakers with one name or alias, both of them persons or neither, of whom nobody
--        judged whether they are one
-- needs: forms.speakers, forms.canonical_speakers, forms.judgements
-- why: what one person says is counted as that of two, and corroborates itself
-- do: judge them: same, different or unsure, with the reason
with names as (
    select
        speaker_id,
        position,
        kind = 'person' as is_person,
        coalesce(canonical_id, speaker_id) as canonical_id,
        unnest([name] || coalesce(aliases, [])) as called
    from forms.speakers
    left join forms.canonical_speakers using (speaker_id)
    where kind <> 'unnamed'
),

-- Of those judged to be one, who bears the name and was registered first.
bearers as (
    select
        plain_name(called) as name,
        is_person,
        canonical_id,
        arg_min(speaker_id, position) as speaker_id,
        min(position) as position,
        arg_min(called, position) as called
    from names
    group by all
),

paired as (
    select
        *,
        first_value(speaker_id) over alike as first_id,
        first_value(canonical_id) over alike as first_canonical_id
    from bearers
    window alike as (partition by name, is_person order by position, speaker_id)
),

judged as (
    select
        coalesce(one.canonical_id, judgement.left_id) as one_id,
        coalesce(other.canonical_id, judgement.right_id) as other_id
    from forms.judgements as judgement
    left join forms.canonical_speakers as one on one.speaker_id = judgement.left_id
    left join forms.canonical_speakers as other on other.speaker_id = judgement.right_id
)

select
    'speaker/' || speaker_id as subject,
    max(position) as position,
    'Speaker ' || speaker_id || ' and speaker ' || first_id || ' are both called '
        || brief(any_value(called)) || ', and nobody judged whether they are one.' as finding,
    'claims judge ' || speaker_id || ' ' || first_id
        || ' same --reason "…" (or different, or unsure)' as way_out
from paired
anti join judged
    on least(judged.one_id, judged.other_id)
        = least(paired.canonical_id, paired.first_canonical_id)
    and greatest(judged.one_id, judged.other_id)
        = greatest(paired.canonical_id, paired.first_canonical_id)
where speaker_id <> first_id and name <> ''
group by speaker_id, first_id
