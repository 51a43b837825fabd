-- view: voids
-- grain: one row per position that holds a void
-- needs: the table voids
-- why: what a void hides is worked out as the views work it out; a line that stands twice counts once
create view whole.voids as
select distinct on (position) position, cast(null as timestamp) as recorded_at, target, part
from main.voids;
