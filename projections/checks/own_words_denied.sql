-- check: own_words_denied
-- severity: warning
-- finds: a speaker who denies, endorses or corroborates a statement of their own
-- needs: forms.relations, forms.statements, forms.canonical_speakers, forms.speakers
-- why: who takes back words of their own retracts or corrects them, and nobody corroborates
--      themselves; most likely one of the two was said by somebody else
-- do: void the relation, and record the one that is meant, or put the speaker right
with said as (
    select
        statement_id,
        speaker_id,
        coalesce(canonical_id, speaker_id) as canonical_id
    from forms.statements
    left join forms.canonical_speakers using (speaker_id)
)

select
    'statement/' || relation.from_id as subject,
    relation.position,
    speaker.name || ' ' || relation.relation || ' words of their own (statement '
        || relation.to_id || ').' as finding,
    'claims void ' || relation.position || ' --reason "…"; then, where it is meant, claims relate '
        || relation.from_id || ' ' || if(relation.relation = 'denies', 'retracts', 'repeats') || ' '
        || relation.to_id as way_out
from forms.relations as relation
join said as one on one.statement_id = relation.from_id
join said as other on other.statement_id = relation.to_id
join forms.speakers as speaker on speaker.speaker_id = one.speaker_id
where one.canonical_id = other.canonical_id
    and relation.relation in ('denies', 'endorses', 'corroborates')
