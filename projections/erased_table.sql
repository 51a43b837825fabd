-- table: erased
-- grain: one row per thing that events name though the event that made it is erased
-- needs: the schema facts
-- why: what forms.erased_ever gives, kept
create table facts.erased (noun varchar, id varchar);
