-- query: names_standing
-- grain: one row per name asked for and event that bears or makes it
-- needs: names as one text, a line each: `<noun>/<id>` of a thing, or the key of a command
-- why: what is appended in bulk is held against the ledger set-wise
with split as materialized (
    select
        asked,
        split_part(asked, '/', 1) as noun,
        split_part(asked, '/', 2) as wanted
    from (select unnest(string_split($names, chr(10))) as asked)
)

select asked, position
from split join whole.events on wanted = '' and key = asked
union all
select asked, position
from split join whole.statements on noun = 'statement' and statement_id = wanted
union all
select asked, position
from split join whole.reports on noun = 'report' and report_id = wanted
union all
select asked, position
from split join whole.estimates on noun = 'estimate' and estimate_id = wanted
union all
select asked, position
from split join whole.sources on noun = 'source' and source_id = wanted
union all
select asked, position
from split join whole.speakers on noun = 'speaker' and speaker_id = wanted
union all
select asked, position
from split join whole.measures on noun = 'measure' and measure_id = wanted
