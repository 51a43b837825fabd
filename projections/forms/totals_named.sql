-- view: totals_named
-- grain: one row per speaker; speakers judged the same are one
-- needs: facts.totals, forms.speakers_in_form
-- why: what claims_by_speaker gives where no tail changes whose statements count
select speaker.speaker_id, speaker.name as speaker, total.* exclude (speaker_id)
from facts.totals as total
join forms.speakers_in_form as speaker on speaker.speaker_id = total.speaker_id
order by statements desc, speaker_id
