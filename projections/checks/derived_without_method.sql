-- check: derived_without_method
-- severity: warning
-- finds: a derived number that names neither the numbers it was derived from nor how
-- needs: forms.estimates
-- why: nobody can work it out again
-- do: say the method, or the estimates that it was derived from
select
    'estimate/' || estimate_id as subject,
    position,
    'The number ' || claimed(comparator, low, best, high) || ' is derived, but nothing says from'
        || ' what or how.' as finding,
    'claims revise estimate/' || estimate_id || ' --set "method=…" --reason "…"' as way_out
from forms.estimates
where basis = 'derived' and coalesce(len(derived_from), 0) = 0 and method is null and note is null
