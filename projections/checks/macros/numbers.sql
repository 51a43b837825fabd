-- macros: folded, power_of, power_words, powers_in, unit_power, figure_pattern, figures_in,
--         readings_of_figure, powers_of_figure, numbers_of_figure, quotients_in, numbers_said,
--         says, digits_of, says_plainly, stands_plainly
-- needs: macros.numerals
-- why: what numbers some words say, so that they can be held against the number that was recorded.
--      Every plausible reading counts, since a finding that is not sure is worth nothing: words
--      that cannot be read for certain say no number at all
create or replace temp macro folded(text) as translate(
    lower(text),
    '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९٪٫٬' || chr(160) || chr(8239) || '‑–—',
    '012345678901234567890123456789%.,  ---'
);

create or replace temp macro power_of(unit) as case
    when unit = 'hundred' then 1e2
    when unit in ('thousand', 'k') then 1e3
    when unit = 'lakh' then 1e5
    when unit in ('million', 'm', 'mn', 'mln') then 1e6
    when unit = 'crore' then 1e7
    when unit in ('billion', 'b', 'bn', 'bln') then 1e9
    when unit = 'trillion' then 1e12
    when unit in ('%', 'pct', 'percent', 'per cent') then 1e-2
end;

create or replace temp macro power_words() as
    'hundred|thousand|million|billion|trillion|lakh|crore|mln|mn|bln|bn|pct|per ?cent';

-- The powers that words name anywhere, none among them: "10 to 20 thousand" means both figures. In
-- other scripts, whose words for thousand are not known here, any is taken for granted.
create or replace temp macro powers_in(text) as [1e0] || [
    power_of(unit) for unit in regexp_extract_all(text, '\b(?:' || power_words() || ')\b|%')
] || if(regexp_matches(text, '[^\p{Latin}\P{L}]'), [1e3, 1e6, 1e9], []);

-- What one of a measure's unit is worth: of "million dollars" 1,000,000, of "%" a hundredth.
create or replace temp macro unit_power(unit) as coalesce(
    power_of(regexp_extract(lower(unit), '\b(' || power_words() || ')s?\b|%', 1)),
    if(contains(unit, '%'), 1e-2, 1e0)
);

-- A figure with the unit of counting that stands at it: `10,000`, `3.5 million`, `25%`.
create or replace temp macro figure_pattern() as
    '(?:[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:[.,''’·][0-9]+)*)'
    || '(?:[ -]?(?:' || power_words() || '|k|m|b)\b| ?%)?';

create or replace temp macro figures_in(text) as regexp_extract_all(text, figure_pattern());

-- A figure without its marks, and with the last of them as a decimal point. In English a comma
-- before three digits groups thousands, and a point before one or two is no group.
create or replace temp macro readings_of_figure(figure, english) as case
    when english and regexp_full_match(figure, '[0-9]{1,3}(?:,[0-9]{3})+')
    then [try_cast(replace(figure, ',', '') as double)]
    when english and regexp_full_match(figure, '[0-9]+[.][0-9]{1,2}')
    then [try_cast(figure as double)]
    else [
        try_cast(regexp_replace(figure, '[^0-9]', '', 'g') as double),
        try_cast(replace(regexp_replace(
            regexp_replace(figure, '[.,''’·]([0-9]+)$', 'p\1'), '[^0-9p]', '', 'g'
        ), 'p', '.') as double),
    ]
end;

create or replace temp macro powers_of_figure(figure, powers) as
    case regexp_extract(figure, '[a-z%][a-z %]*$')
        when '' then powers
        when 'k' then [1e0, 1e3]
        when 'm' then [1e0, 1e6]
        when 'b' then [1e0, 1e9]
        else [power_of(regexp_extract(figure, '[a-z%][a-z %]*$'))]
    end;

create or replace temp macro numbers_of_figure(figure, powers, english) as flatten([
    [number * power for power in powers_of_figure(figure, powers)]
    for number in readings_of_figure(
        regexp_extract(figure, '^[0-9]+(?:[ .,''’·][0-9]+)*'), english
    )
]);

-- `1/3`, `2 in 5`, `3 out of 10`.
create or replace temp macro quotients_in(text) as [
    try_cast(regexp_extract(quotient, '^[0-9]+') as double)
        / try_cast(regexp_extract(quotient, '[0-9]+$') as double)
    for quotient in regexp_extract_all(text, '[0-9]{1,15}(?: ?/ ?| in | out of )[0-9]{1,15}')
];

-- Every number that words may say; none where they hold a numeral that is not understood, as ½ is.
create or replace temp macro numbers_said(text, english) as if(
    regexp_matches(folded(text), '[^0-9\P{N}]'),
    [],
    flatten([
        numbers_of_figure(figure, powers_in(folded(text)), english)
        for figure in figures_in(folded(text))
    ])
    || quotients_in(folded(text))
    || if(english, numbers_of_numerals(
        regexp_replace(folded(text), figure_pattern(), '#', 'g'), powers_in(folded(text))
    ), [])
);

-- Whether a number, as it is or in its measure's unit, is among those that words may say. The words
-- may say "fell by" for the minus.
create or replace temp macro says(said, number, unit) as number is null or len([
    each for each in said
    if abs(each - abs(number)) <= 1e-12 * each
        or abs(each - abs(number) * unit_power(unit)) <= 1e-12 * each
]) > 0;

-- A whole number that stands alone, in digits; null where a range or a fraction is recorded.
create or replace temp macro digits_of(low, best, high) as case
    when coalesce(low, best, high) = coalesce(high, best, low)
        and coalesce(low, best, high) = trunc(coalesce(low, best, high))
        and coalesce(low, best, high) between 0 and 1e15
    then cast(cast(coalesce(low, best, high) as bigint) as varchar)
end;

-- Whether words say the number in the plainest way, as most do: the quick answer to whether they
-- need to be read.
create or replace temp macro says_plainly(text, low, best, high) as coalesce(
    regexp_replace(text, '[^0-9]', '', 'g') = digits_of(low, best, high)
    and not regexp_matches(lower(text), '[0-9][ -]?(?:' || power_words() || '|%)'),
    false
);

-- The same where other numbers may stand beside it.
create or replace temp macro stands_plainly(text, low, best, high) as coalesce(
    list_contains(regexp_extract_all(replace(text, ',', ''), '[0-9]+'), digits_of(low, best, high)),
    false
);
