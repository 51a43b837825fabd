-- view: changed_speakers
-- grain: one row or more per speaker of whom facts.totals may not tell what stands
-- when: totals_near()
-- else: forms.speakers_ever
-- needs: forms.statements_of_tail, whole.relations, whole.statements, whole.statement_revisions,
--        whole.reports, whole.report_revisions
-- why: those whom the statements of the tail, those that it touched and those that these answer
--      ever named; but all, where nothing is kept, another moment is looked at, or the tail has an
--      event that reaches far. A speaker too many does no harm
with changed as materialized (
    select distinct statement_id from forms.statements_of_tail
),

-- A denial counts as long as the statement that denies is somebody's.
told_of as materialized (
    from changed
    union
    select relation.to_id
    from whole.relations as relation
    semi join changed on changed.statement_id = relation.from_id
    where relation.relation in ('denies', 'retracts')
),

named as (
    select speaker_id, alternatives
    from whole.statements
    semi join told_of using (statement_id)
    union all
    select speaker_id, alternatives
    from whole.statement_revisions
    semi join told_of using (statement_id)
    union all
    select null, alternatives
    from whole.reports
    semi join told_of using (statement_id)
    where alternatives is not null
    union all
    select null, alternatives
    from whole.report_revisions
    semi join told_of using (statement_id)
    where alternatives is not null
)

select speaker_id from named
union all
select unnest(alternatives) from named
