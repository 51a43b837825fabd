-- macros: hedge_up, hedge_down, hedge_near, hedge_about, before_number, after_number,
--         phrase_before, phrase_after, hedge_said, hedge_kept
-- needs: macros.numbers, macros.numerals
-- why: "more than 10,000" is not 10,000. Only a hedge that stands directly at the number counts
create or replace temp macro hedge_up() as
    '(?:more than|greater than|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|upwards? of'
    || '|in excess of|at least|(?:no|not) (?:fewer|less) than|a minimum of)';

create or replace temp macro hedge_down() as
    '(?:(?:no|not) more than|fewer than|less than|under|below|up to|at most|as many as|as much as'
    || '|a maximum of|(?:not|n.t|without) exceed(?:ing)?)';

create or replace temp macro hedge_near() as '(?:nearly|almost|close to|just under)';

create or replace temp macro hedge_about() as
    '(?:about|around|approximately|approx[.]?|circa|ca[.]|roughly|some|(?:an )?estimated(?: at)?)';

-- What stands before the first number of some words, in the quote as well, and what stands after;
-- `place` counts from the beginning of the quote.
create or replace temp macro before_number(words, quote, place) as
    folded(substr(quote, greatest(place - 31, 1), least(place, 32))) || if(
        regexp_matches(words, '[0-9]'),
        regexp_extract(folded(words), '^[^0-9]*'),
        regexp_extract(
            folded(words),
            '^(.*?)\b(?:half|' || ones() || '|' || tens() || '|' || large() || ')\b', 1, 's'
        )
    );

create or replace temp macro after_number(words, quote, place) as regexp_extract(
    folded(words || substr(quote, place + 1, 20)), '^[^0-9]*' || figure_pattern() || '(.*)$', 1, 's'
);

create or replace temp macro phrase_before(before) as regexp_extract(
    before,
    '\b(' || hedge_up() || '|' || hedge_down() || '|' || hedge_near() || '|' || hedge_about()
    || ')(?: ' || hedge_about() || ')? [^ ]?$', 1
);

create or replace temp macro phrase_after(after) as regexp_extract(
    after, '^(?: [a-z]+)? ?(or more\b|or (?:less|fewer)\b|or so\b|-?plus\b|and counting\b|[+])', 1
);

create or replace temp macro hedge_said(before, after) as case
    when phrase_before(before) = '' and phrase_after(after) = '' then null
    when regexp_matches(
        before, '\b(?:hand|turn|tak|took|ran|run|giv|gave|won|win|spread|left)\w* over [^ ]?$'
    )
    then null
    when regexp_full_match(phrase_before(before), hedge_up()) then 'or more'
    when regexp_full_match(phrase_before(before), hedge_down()) then 'or less'
    when regexp_full_match(phrase_before(before), hedge_near()) then 'nearly'
    when phrase_before(before) <> '' or phrase_after(after) = 'or so' then 'about'
    when phrase_after(after) like 'or %' and phrase_after(after) <> 'or more' then 'or less'
    else 'or more'
end;

-- Whether a comparator can stand for a hedge; a range has none of its own.
create or replace temp macro hedge_kept(said, comparator) as case said
    when 'or more' then comparator in ('gt', 'ge')
    when 'or less' then comparator in ('lt', 'le')
    when 'nearly' then comparator in ('lt', 'le', 'about')
    when 'about' then comparator = 'about'
    else true
end or comparator in ('between', 'unspecified');
