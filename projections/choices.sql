-- macros: whole_of, seen_of, has, has_grown, hides, dated_stands, in_order, totals_near, totals_stand
-- needs: the macros looks_at_now, has_tail, has_kept, filled_tables and keeps_whole
-- why: query_table takes its names while DuckDB binds a question. What these leave out is not even
--      planned, and to plan a large view takes longer than to answer it in a small ledger
create or replace macro whole_of(name) as if(
    has_tail(name), ['facts.' || name, tail_of(name)], ['facts.' || name]
);

-- `held` is the schema of the rows that a question about now reads.
create or replace macro seen_of(name, held) as
    if(looks_at_now(), held, 'stood') || '.' || name;

-- Whether a table has any row, in the view file or beside it.
create or replace macro has(name) as
    list_contains(filled_tables(), name) or has_tail(name) or has_kept(name);

-- Whether there is a tail: every line of it is an event.
create or replace macro has_grown() as has_tail('events');

-- Whether anything that was recorded may count no more.
create or replace macro hides() as has('hidden') or has('erased');

-- Whether facts.dated holds what estimates_over_time gives, but for the statements that a tail has
-- or has an event about; and whether it holds that whole.
create or replace macro dated_stands() as
    keeps_whole() and looks_at_now()
    and coalesce(getvariable('estimates_changed'), 'near') = 'near';

create or replace macro in_order() as
    dated_stands() and getvariable('estimates_changed') is null;

-- The same of facts.totals and claims_by_speaker. What a tail has of these may change what is told
-- of many speakers.
create or replace macro totals_near() as
    keeps_whole() and looks_at_now() and not (
        has_tail('voids') or has_tail('judgements') or has_tail('redactions')
        or has_tail('source_revisions')
    );

create or replace macro totals_stand() as
    totals_near() and not has_tail('statements') and not has('later');
