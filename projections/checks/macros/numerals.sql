-- macros: ones, tens, large, large_worth, is_vague, joined_numerals, numerals_in,
--         steps_of_numeral, number_of_numeral, numbers_of_numerals
-- why: English words say numbers too: "three thousand", "two and a half million", "a dozen"
create or replace temp macro ones() as
    'zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen'
    || '|sixteen|seventeen|eighteen|nineteen';

create or replace temp macro tens() as
    'ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety';

create or replace temp macro large() as 'dozen|hundred|thousand|million|billion';

create or replace temp macro large_worth() as [12e0, 1e2, 1e3, 1e6, 1e9];

-- Words that say no number for certain, or one that is not read here: "several hundred", "a third".
create or replace temp macro is_vague(text) as regexp_matches(
    text,
    '\b(?:several|few|many|some of|couple|pair|scores?|tens|dozens|hundreds|thousands|millions'
    || '|billions|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?'
    || '|first|second|twice|double|triple|no one|one of|one another|one in|one out)\b'
);

-- Numerals of several words with single spaces in them: "twenty-one", "two hundred and five",
-- "half a million".
create or replace temp macro joined_numerals(text) as regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace(text, '\ban? (half|' || large() || ')\b', '\1', 'g'),
            '\b(' || tens() || ')-(' || ones() || ')\b', '\1 \2', 'g'
        ),
        '[ -](' || large() || ')\b', ' \1', 'g'
    ),
    '\b(?:(' || large() || ') and (' || ones() || '|' || tens() || ')|(' || ones() || '|'
    || tens() || ') and (half))\b',
    '\1\3 \2\4', 'g'
);

create or replace temp macro numerals_in(text) as if(
    is_vague(text),
    [],
    regexp_extract_all(
        joined_numerals(text),
        '\b(?:half|' || ones() || '|' || tens() || '|' || large() || ')'
        || '(?: (?:half|' || ones() || '|' || tens() || '|' || large() || '))*\b'
    )
);

-- What one word of a numeral adds, and by what it multiplies.
create or replace temp macro steps_of_numeral(numeral) as [
    case
        when word = 'half' then [5e-1, 0e0]
        when list_contains(string_split(large(), '|'), word)
        then [0e0, large_worth()[list_position(string_split(large(), '|'), word)]]
        when list_contains(string_split(ones(), '|'), word)
        then [list_position(string_split(ones(), '|'), word) - 1e0, 0e0]
        else [list_position(string_split(tens(), '|'), word) * 1e1, 0e0]
    end
    for word in string_split(numeral, ' ')
];

-- Read from left to right: what was counted up to a thousand, and what since. "Two hundred" is two
-- times a hundred, "thousand" alone one of it; a thousand and more ends what is counted.
create or replace temp macro number_of_numeral(numeral) as list_sum(list_reduce(
    steps_of_numeral(numeral),
    lambda so_far, step: case
        when step[2] = 0 then [so_far[1], so_far[2] + step[1]]
        when step[2] < 1000 then [so_far[1], if(so_far[2] = 0, 1, so_far[2]) * step[2]]
        else [so_far[1] + if(so_far[2] = 0, 1, so_far[2]) * step[2], 0e0]
    end,
    [0e0, 0e0]
));

-- A numeral that names no power of its own may have that of another one: "two or three hundred".
create or replace temp macro numbers_of_numerals(text, powers) as flatten([
    [
        number_of_numeral(numeral) * power
        for power in if(regexp_matches(numeral, large()), [1e0], powers)
    ]
    for numeral in numerals_in(text)
]);
