-- view: quotes
-- grain: one row per quote of a form of a report, or of an evidence
-- needs: the tables reports and evidence
-- why: words that must stand in a text
select
    position,
    'report/' || report_id as subject,
    source_id,
    quote.exact,
    quote.prefix,
    quote.suffix,
    quote."start",
    quote."end",
    anchor
from reports
union all
select
    position,
    'the evidence',
    source_id,
    quote.exact,
    quote.prefix,
    quote.suffix,
    quote."start",
    quote."end",
    anchor
from evidence
where quote is not null
