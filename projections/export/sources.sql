-- export: sources
-- grain: one row per source, latest form
-- key: source_id
-- chosen: is_chosen('source', source_id)
-- links: publisher_id speakers
-- needs: sources
-- why: the documents that statements were found in
from sources
