-- table: touched_statements
-- grain: one row per statement of a touched statement, as recorded
-- needs: facts.statements
-- why: what forms.touched_statements_ever gives, kept: these rows lie together here
create table facts.touched_statements as from facts.statements limit 0;
