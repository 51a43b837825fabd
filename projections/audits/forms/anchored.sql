-- view: anchored
-- grain: one row per quote that says where it stands in a text
-- needs: forms.placed
-- why: these are held against their texts; a place before the beginning is told elsewhere
select text_sha256, begin, words, position, subject
from forms.placed
where "start" is not null and begin >= 0 and words is not null
    and regexp_full_match(text_sha256, '[0-9a-f]{64}')
