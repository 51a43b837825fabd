-- check: outlet_for_speaker
-- severity: warning
-- finds: a statement whose speaker is an outlet, though a report of it gives the words to somebody
--        else
-- needs: forms.speakers, forms.statements, forms.reports
-- why: an outlet passes words on; taken for their speaker it becomes its own witness
-- do: put the speaker right; attribution inferred says that we concluded who it was
with outlets as materialized (
    select speaker_id, [name] || coalesce(aliases, []) as names
    from forms.speakers
    where kind = 'outlet'
)

select
    'statement/' || statement.statement_id as subject,
    statement.position,
    'The speaker is the outlet ' || outlet.names[1] || ', but report ' || report.report_id
        || ' gives the words to ' || brief(report.attributed_to) || '.' as finding,
    'claims revise statement/' || statement.statement_id || ' --set speaker_id=… --reason "…"'
        as way_out
from forms.statements as statement
join outlets as outlet using (speaker_id)
join forms.reports as report on report.statement_id = statement.statement_id
where report.attributed_to is not null
    and not list_bool_or([
        contains(plain_name(report.attributed_to), plain_name(name)) for name in outlet.names
    ])
