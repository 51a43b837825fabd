-- view: judgements
-- grain: one row per pair of speakers, the latest judgement that counts
-- key: pair
-- brief: left, right, judgement, reason, actor
-- needs: forms.judgements
-- why: whether two names are one speaker, by whose judgement and why
select
    left_id as "left",
    right_id as "right",
    [least(left_id, right_id), greatest(left_id, right_id)] as pair,
    judgement,
    reason,
    note,
    position,
    recorded_at,
    actor
from forms.judgements
