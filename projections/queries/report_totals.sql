-- query: report_totals
-- grain: one row: how many statements there are
-- needs: nothing
-- why: a report says how much of the ledger it shows
select count(*) as statements from forms.statements
