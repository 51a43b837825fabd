-- export: relations
-- grain: one row per relation between two statements
-- key: position
-- chosen: is_chosen('statement', "from") and is_chosen('statement', "to")
-- links: from statements, to statements
-- needs: relations, forms.statements, forms.speakers_in_form
-- why: who denies, repeats, updates whom, and whether they say so or we infer it
with saying as (
    select statement.statement_id, statement.speaker_id, person.name as speaker
    from forms.statements as statement
    left join forms.speakers_in_form as person using (speaker_id)
)

select
    relation."from",
    speaking.speaker as from_speaker,
    relation.relation,
    relation."to",
    answered.speaker as to_speaker,
    relation.* exclude ("from", "to", relation)
from relations as relation
left join saying as speaking on speaking.statement_id = relation."from"
left join saying as answered on answered.statement_id = relation."to"
