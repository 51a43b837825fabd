-- macros: brief, plain_text, plain_length, plain_name
-- why: a finding is one sentence, however long the words are that it quotes; texts are compared
--      without case, spacing and the form of marks, and in no other way
create or replace temp macro brief(text) as if(
    length(text) > 80,
    '“' || rtrim(left(regexp_replace(text, '\s+', ' ', 'g'), 79)) || '…”',
    '“' || regexp_replace(text, '\s+', ' ', 'g') || '”'
);

-- The same words, however they were typed: case, white space, the form of quotation marks and
-- dashes, and a full stop at the end do not count; all else does.
create or replace temp macro plain_text(text) as rtrim(translate(
    lower(nfc_normalize(text)),
    '’‘''“”„«»–—‑ ' || chr(160) || chr(10),
    '""""""""---'
), '.…');

-- How long they are then, told quickly, so that few texts need to be compared.
create or replace temp macro plain_length(text) as
    length(replace(replace(replace(text, ' ', ''), chr(160), ''), chr(10), ''))
    - if(right(text, 1) = '.', 1, 0);

-- A name without case, accents, points and hyphens: "Z. Kabulov" and "z kabulov" are one.
create or replace temp macro plain_name(name) as trim(regexp_replace(
    strip_accents(lower(nfc_normalize(name))), '[\s.’‘''"‐‑-]+', ' ', 'g'
));
