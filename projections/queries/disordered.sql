-- query: disordered
-- grain: the first estimate of facts.dated that stands before one that it should stand after
-- needs: facts.dated
-- why: whoever asks for estimates_over_time is given these rows as they lie
with placed as (
    select
        position,
        estimate_id,
        struct_pack(
            earliest := reference_period_earliest,
            latest := reference_period_latest,
            position := position,
            estimate_id := estimate_id
        ) as place,
        lead(place) over () as next_place
    from facts.dated
)

select position, estimate_id
from placed
where place > next_place
limit 1
