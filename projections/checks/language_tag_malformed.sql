-- check: language_tag_malformed
-- severity: warning
-- finds: a language that is not in the form of a language tag, such as en, pt-BR or uk
-- needs: forms.statements, forms.sources, forms.reports
-- why: by their tags sources are read: English words for numbers and hedges, for one. Tags of whole
--      words are well formed by RFC 5646 (BCP 47), section 2.1, but none is registered
-- do: write the tag: en for English, pt-BR for Portuguese of Brazil
with tagged as (
    select 'statement/' || statement_id as subject, position, 'language' as field, language as tag
    from forms.statements
    where language is not null
    union all
    select 'source/' || source_id, position, 'language', language
    from forms.sources
    where language is not null
    union all
    select 'report/' || report_id, position, 'translated_from', translated_from
    from forms.reports
    where translated_from is not null
)

select
    subject,
    position,
    field || ' is ' || brief(tag) || ', which is not in the form of a language tag.' as finding,
    'claims revise ' || subject || ' --set ' || field || '=… --reason "…"' as way_out
from tagged
where not regexp_full_match(
    lower(tag),
    '[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?'
    || '(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*'
    || '(?:-x(?:-[a-z0-9]{1,8})+)?|(?:x|i)(?:-[a-z0-9]{1,8})+'
)
