-- query: report_answers
-- grain: one row per relation from or to a statement of a report
-- needs: a list of statement ids
-- why: what answers what, in the words of both sides: denials, contradictions and retractions are what
--      is disputed
with answers as (
    from forms.relations
    where list_has_any($statements, [from_id, to_id])
),

statements as materialized (
    select statement.statement_id, statement.proposition, speaker.name as speaker
    from forms.statements as statement
    join forms.speakers_in_form as speaker using (speaker_id)
    where statement.statement_id in (
        select from_id from answers
        union all
        select to_id from answers
    )
)

select
    relation.from_id as answer_id,
    answer.speaker as answer_speaker,
    answer.proposition as answer_proposition,
    relation.relation,
    relation.basis,
    relation.note,
    relation.to_id as answered_id,
    answered.speaker as answered_speaker,
    answered.proposition as answered_proposition,
    relation.position
from answers as relation
join statements as answer on answer.statement_id = relation.from_id
join statements as answered on answered.statement_id = relation.to_id
order by relation.position
