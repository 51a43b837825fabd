"""A selection becomes a quote that is found where it was selected, and nowhere else."""

from itertools import product

import pytest

from ledger.anchor import find_places, find_quote
from ledger.errors import QuoteAmbiguous
from ledger.web.recording.quoting import places_of, selected, words_and_sides

EVERY_TEXT = ["".join(letters) for size in range(1, 6) for letters in product("a“ \n", repeat=size)]


def test_every_selection_of_every_small_text_is_found_where_it_was() -> None:
    """Or is refused as ambiguous; the words of another place are never taken."""
    found, refused = 0, 0
    for text in EVERY_TEXT:
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                place = selected(text, start, end)
                if place is None:
                    assert not text[start:end].strip()
                    continue
                words, (prefix, suffix) = words_and_sides(text, place.words, (start, end))
                try:
                    quote = find_quote(text, words, prefix=prefix, suffix=suffix).quote
                except QuoteAmbiguous:
                    refused += 1
                    continue
                assert (quote.start, quote.end) == (place.start, place.end), (text, start, end)
                found += 1
    assert found > 5_000
    assert refused < found / 50


@pytest.mark.parametrize("reach", [10, 100, 1_000, 5_000])
def test_words_are_told_apart_by_what_stands_far_away(reach: int) -> None:
    """Where what stands beside them is the same, further words are taken in."""
    text = f"first {'x ' * reach}words {'y ' * reach}\nlast {'x ' * reach}words {'y ' * reach}"
    for start in (text.index("words"), text.rindex("words")):
        words, (prefix, suffix) = words_and_sides(text, "words", (start, start + 5))
        if reach < 5_000:
            assert find_quote(text, words, prefix=prefix, suffix=suffix).quote.start == start
        else:
            with pytest.raises(QuoteAmbiguous):
                find_quote(text, words, prefix=prefix, suffix=suffix)


def test_words_that_were_changed_are_looked_for_anew() -> None:
    """A place that holds other words than the form is no place of theirs."""
    assert words_and_sides("one two", "two", (0, 3)) == ("two", (None, None))
    assert words_and_sides("one two", "one", (90, 95)) == ("one", (None, None))
    assert words_and_sides(None, "one", (0, 3)) == ("one", (None, None))


def test_places_are_those_that_a_quote_is_looked_for_in() -> None:
    """Exact ones; folded ones only where none is exact; few of many."""
    assert [each.start for each in places_of("it's it’s", "it's")] == [0]
    assert [each.start for each in places_of("it’s so; it‘s", "it's")] == [0, 9]
    assert find_places("a b\u00a0c", "b c") == [(2, 5)]
    assert places_of("a", " ") == []
    assert len(places_of("a" * 100, "a")) == 12
