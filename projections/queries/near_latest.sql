-- query: near_latest
-- grain: near_voices without the statements that were recorded long ago
-- needs: near_voices, how many statements are looked at for one that is sought
-- why: who says most has said so much that to look at all of it takes seconds
delete from near_voices
where (place, statement_id) not in (
    select (place, statement_id)
    from near_voices
    group by place, statement_id
    qualify row_number() over (partition by place order by max(position) desc) <= $latest
)
