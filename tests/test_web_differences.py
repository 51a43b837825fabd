"""How the words of two reports differ is told word by word, where they share enough of them."""

from hypothesis import given
from hypothesis import strategies as st

from ledger.web.differences import compare

FIRST = "According to our estimates, the number of militants exceeds 10,000"


def test_words_that_the_first_report_lacks_are_marked() -> None:
    """Case and punctuation do not count; the words stand as they are."""
    _, other = compare([FIRST, "according to OUR estimates the number of fighters exceeds 10,000"])
    assert not other.own
    assert [words.strip() for words, differs in other.pieces if differs] == ["fighters"]


def test_a_report_in_words_of_its_own_is_not_marked_all_over() -> None:
    """What lies between words is not shared."""
    quote = "Kabulov warned that some ten thousand members were present in the country"
    assert compare([FIRST, quote])[1].own
    assert compare([FIRST, quote])[1].pieces == [(quote, False)]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_nothing_of_a_quote_is_lost(quotes: list[str]) -> None:
    """The pieces of each quote are the quote; the first one is never marked."""
    compared = compare(quotes)
    assert ["".join(words for words, _ in each.pieces) for each in compared] == quotes
    assert not any(differs for _, differs in compared[0].pieces)
