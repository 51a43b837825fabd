-- macros: figure, claimed, digits_15, read_low, read_high, reading, words_of, words_beyond
-- why: a number is never shown without its hedge; words are compared as words
create or replace macro figure(number) as case
    when number = trunc(number) then format('{:,}', cast(number as bigint))
    else cast(number as varchar)
end;

create or replace macro claimed(comparator, low, best, high) as case comparator
    when 'eq' then figure(best)
    when 'about' then 'about ' || figure(best)
    when 'gt' then 'more than ' || figure(low)
    when 'ge' then 'at least ' || figure(low)
    when 'lt' then 'less than ' || figure(high)
    when 'le' then 'at most ' || figure(high)
    when 'between' then figure(low) || ' to ' || figure(high)
    else 'no figure'
end;

-- A number of 15 significant digits, without the noise of binary fractions.
create or replace macro digits_15(number) as cast(format('{:.15g}', number) as double);

-- The figures that a number stands for: `about` is read as ± 10 %, an open side as null.
create or replace macro read_low(comparator, low, best) as case comparator
    when 'about' then digits_15(least(best * 9, best * 11) / 10)
    else low
end;

create or replace macro read_high(comparator, best, high) as case comparator
    when 'about' then digits_15(greatest(best * 9, best * 11) / 10)
    else high
end;

-- A view that reads a number otherwise than it was claimed says so.
create or replace macro reading(comparator, low, best, high) as case comparator
    when 'about' then claimed(comparator, low, best, high)
        || ' read as ' || figure(read_low(comparator, low, best))
        || ' to ' || figure(read_high(comparator, best, high))
end;

-- The words of a text in their order, in lower case and without punctuation; a figure is one word.
create or replace macro words_of(text) as regexp_extract_all(
    replace(lower(nfc_normalize(text)), '’', ''''),
    '\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{M}\p{N}]+(?:[''-][\p{L}\p{M}\p{N}]+)*'
);

-- The words of one list that the other has not, each once, in their order.
create or replace macro words_beyond(words, others) as list_filter(
    words, lambda word, place: not list_contains(others, word)
        and list_position(words, word) = place
);
