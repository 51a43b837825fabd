-- query: similar_rows
-- grain: one row per pair of statements that look alike
-- needs: the pairs as JSON, best first
-- why: what was compared outside of SQL comes out in every format as rows of a view do
select unnest(
    from_json(
        $pairs,
        '[{"score": "DOUBLE", "left_id": "VARCHAR", "right_id": "VARCHAR", "speaker": "VARCHAR",
           "left_said_at": "VARCHAR", "right_said_at": "VARCHAR", "left_words": "VARCHAR",
           "right_words": "VARCHAR", "words": "DOUBLE", "dates": "DOUBLE", "source": "DOUBLE",
           "commands": ["VARCHAR"]}]'
    ),
    max_depth := 2
)
