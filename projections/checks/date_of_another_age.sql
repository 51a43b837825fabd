-- check: date_of_another_age
-- severity: warning
-- finds: a date before the year 1000
-- needs: forms.statements, forms.sources, forms.estimates
-- why: most likely a year of two digits, or of four with one of them lost
-- do: put the date right
with dates as (
    select 'statement/' || statement_id as subject, position, 'said_at' as field, said_at as written
    from forms.statements
    where said_at_latest < '1000-01-01'
    union all
    select 'source/' || source_id, position, 'published', published
    from forms.sources
    where published_latest < '1000-01-01'
    union all
    select 'estimate/' || estimate_id, position, 'reference_period', reference_period
    from forms.estimates
    where reference_period_latest < '1000-01-01'
)

select
    subject,
    position,
    field || ' is ' || written || ', before the year 1000.' as finding,
    'claims revise ' || subject || ' --set ' || field || '=… --reason "…"' as way_out
from dates
