-- view: judgements
-- grain: one row per pair of speakers, the latest judgement that counts
-- when: has('judgements')
-- else: seen.judgements
-- needs: forms.gone_speakers, seen.judgements, forms.hidden_events
-- why: a judgement can be taken back, and who stands left does not matter
with gone as materialized (
    from forms.gone_speakers
)

from seen.judgements
anti join forms.hidden_events using (position)
anti join gone as one on one.speaker_id = left_id
anti join gone as other on other.speaker_id = right_id
qualify row_number() over (
    partition by least(left_id, right_id), greatest(left_id, right_id)
    order by position desc
) = 1
