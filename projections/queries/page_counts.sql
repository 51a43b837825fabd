-- query: page_counts
-- grain: one row
-- needs: nothing
-- why: how much the ledger holds at the moment
select
    (select count(*) from statements) as statements,
    (select count(*) from reports) as reports,
    (select count(*) from estimates) as estimates,
    (select count(*) from sources) as sources,
    (select count(*) from speakers where kind <> 'outlet') as speakers,
    (select count(*) from speakers where kind = 'outlet') as outlets
