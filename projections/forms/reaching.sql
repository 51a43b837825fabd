-- view: reaching
-- grain: one row per event of the tail that may change what is told of many things
-- needs: tail_of()
-- why: such events are few; with one of them in the tail no answer that was kept whole is believed
select position from query_table(tail_of('voids'))
union all
select position from query_table(tail_of('judgements'))
union all
select position from query_table(tail_of('redactions'))
union all
select position from query_table(tail_of('source_revisions'))
