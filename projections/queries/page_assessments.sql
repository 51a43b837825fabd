-- query: page_assessments
-- grain: one row per assessment of a statement or a source
-- needs: the noun and the id
-- why: what others made of it
from assessments
where ($noun = 'statement' and statement_id = $id) or ($noun = 'source' and source_id = $id)
