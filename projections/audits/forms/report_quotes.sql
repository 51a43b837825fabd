-- view: report_quotes
-- grain: one row per report and stretch of the log in which one of its forms counts, with its words
-- needs: forms.stretches
-- why: the words of a number that is added or revised stand in the form of the report that counted
select report_id, position as since, cast(null as bigint) as until, quote.exact
from reports
anti join (select id from forms.stretches where noun = 'report') as revised on id = report_id
union all
select stretch.id, stretch.since, stretch.until, reports.quote.exact
from forms.stretches as stretch
join reports on reports.position = stretch.form and reports.report_id = stretch.id
where stretch.noun = 'report'
