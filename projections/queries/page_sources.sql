-- query: page_sources
-- grain: one row per source within a stretch of the log, those recorded last first
-- needs: a stretch of positions, how many rows, and a publisher or null
-- why: the newest are found without looking at all
select
    source_id, publisher_id, publisher, title, author, published, language, captured, url,
    position, recorded_at
from sources
where position >= $first
    and position < $last
    and ($publisher is null or publisher_id = $publisher)
order by position desc
limit $limit
