-- table: settled
-- grain: one row per estimate of a touched statement that counts, in its latest form; none in a
--        small ledger
-- needs: facts.counted
-- why: what forms.touched_counted gives, kept. first_position is that of the statement
create table facts.settled as select *, position as first_position from facts.counted limit 0;
