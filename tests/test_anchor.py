"""Where words stand in a text: exact spans in any script, and help where they do not."""

import sys
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.values import Quote, Span
from ledger.anchor import find_quote, find_span
from ledger.errors import QuoteAmbiguous, QuoteNotFound, Refused

TEXT = (
    "Headline\n\n"
    "“The number of militants exceeds\u00a010,000 and continues to grow,” Kabulov said.\n"
    "Iran’s PressTV reported it.  \n\n"
    "He said so on Monday.\n"
    "He said so on Friday."
)


def test_exact_words() -> None:
    """Words that stand in the text as given are anchored there, with what is around them."""
    anchored = find_quote(TEXT, "continues to grow")
    assert anchored.how == "exact"
    assert anchored.quote == Quote(
        "continues to grow",
        prefix="of militants exceeds\u00a010,000 and ",
        suffix=",” Kabulov said.\nIran’s PressTV ",
        start=54,
        end=71,
    )
    assert TEXT[54:71] == "continues to grow"


@pytest.mark.parametrize(
    ("words", "exact"),
    [
        ("exceeds 10,000", "exceeds\u00a010,000"),
        ('"The number', "“The number"),
        ('grow," Kabulov', "grow,” Kabulov"),
        ("Iran's PressTV", "Iran’s PressTV"),
        ("Iran\u201bs\tPressTV", "Iran’s PressTV"),
        ("reported it. He said so on Monday", "reported it.  \n\nHe said so on Monday"),
        ("militants\n  exceeds", "militants exceeds"),
    ],
)
def test_normalised_words(words: str, exact: str) -> None:
    """Quotes and white space of another kind are found, marked, and kept as the text has them."""
    anchored = find_quote(TEXT, words)
    assert anchored.how == "normalised"
    assert anchored.quote.exact == exact
    assert TEXT[anchored.quote.start : anchored.quote.end] == exact


@pytest.mark.parametrize("words", ["The Number", "Kabulov\u0301 said", "militants, exceeds"])
def test_nothing_else_is_normalised(words: str) -> None:
    """Case, marks and punctuation are part of the words."""
    with pytest.raises(QuoteNotFound):
        find_quote(TEXT, words)


def test_composed_letters_differ_from_combining_ones() -> None:
    """Unicode forms are not folded, so that offsets and hashes say what was there."""
    with pytest.raises(QuoteNotFound):
        find_quote("a cafe\u0301 burnt", "caf\u00e9")


def test_white_space_around_words_is_dropped() -> None:
    """A block of a sheet ends with a line break that the text need not have."""
    anchored = find_quote(TEXT, "\n  continues to grow \n")
    assert anchored.how == "exact"
    assert anchored.quote.exact == "continues to grow"


def test_whole_text_has_no_neighbours() -> None:
    """Nothing before or after is None, not an empty text."""
    quote = find_quote("abc", "abc").quote
    assert (quote.prefix, quote.suffix) == (None, None)


def test_an_exact_place_wins_over_a_normalised_one() -> None:
    """Words that stand once exactly and once with other spaces are not ambiguous."""
    assert find_quote("a  b, a b", "a b").quote.start == 6


@pytest.mark.parametrize(
    ("prefix", "suffix", "day"),
    [
        (None, "on Friday", "Friday"),
        (None, " on\n Friday. ", "Friday"),
        ("on Monday.", None, "Friday"),
        ("reported\u00a0it.", None, "Monday"),
        ("it.", "on Monday", "Monday"),
        ("Iran's PressTV reported it.", "", "Monday"),
    ],
)
def test_neighbours_choose(prefix: str | None, suffix: str | None, day: str) -> None:
    """A prefix or suffix says which place is meant, with white space and quotes of any kind."""
    quote = find_quote(TEXT, "He said so", prefix=prefix, suffix=suffix).quote
    assert quote.start == TEXT.index(f"He said so on {day}")


def test_a_single_place_needs_no_neighbours() -> None:
    """A prefix is for choosing; where there is nothing to choose it refuses nothing."""
    assert find_quote("one two", "two", prefix="zero").quote.start == 4


def test_ambiguous_words() -> None:
    """Words that stand several times are refused with their lines and a prefix as example."""
    with pytest.raises(QuoteAmbiguous) as refusal:
        find_quote(TEXT, "said so")
    assert refusal.value.what == "The words stand 2 times in the text, on lines 6, 7."
    assert 'the first has prefix: "PressTV reported it. He"' in refusal.value.way_out


def test_ambiguous_at_the_start() -> None:
    """Where nothing stands before the first place, the example is a suffix."""
    with pytest.raises(QuoteAmbiguous) as refusal:
        find_quote("so it is and so it was", "so it")
    assert 'suffix: "is and so it"' in refusal.value.way_out


@pytest.mark.parametrize(("prefix", "fitting"), [("nowhere", 0), ("He", 2)])
def test_neighbours_that_do_not_choose(prefix: str, fitting: int) -> None:
    """A prefix that fits no place, or several, is refused with how many it fits."""
    with pytest.raises(QuoteAmbiguous, match=f"fit {fitting} of them"):
        find_quote(TEXT, "said so", prefix=prefix)


def test_overlapping_places_count() -> None:
    """Places that overlap are different places."""
    with pytest.raises(QuoteAmbiguous, match="stand 3 times"):
        find_quote("aaaa", "aa")
    with pytest.raises(QuoteAmbiguous, match="stand 2 times"):
        find_quote("a\na\na", "a a")


def test_many_places_are_not_all_listed() -> None:
    """A sentence names the first lines only."""
    with pytest.raises(QuoteAmbiguous, match="on lines 1, 2, 3, 4, 5 and further"):
        find_quote("x\n" * 1000, "x")


@pytest.mark.parametrize("words", ["", " \n\u00a0"])
def test_no_words(words: str) -> None:
    """Nothing cannot be found."""
    with pytest.raises(Refused, match="no words"):
        find_quote(TEXT, words)
    with pytest.raises(Refused, match="no words"):
        find_span(TEXT, words)


def test_nearest_passage() -> None:
    """Words that are not quite in the text are refused with the passage that is, and its line."""
    with pytest.raises(QuoteNotFound) as refusal:
        find_quote(TEXT, "the number of fighters exceeded 10,000 and continues")
    assert "nearest passage, on line 3, is" in refusal.value.what
    assert "number of militants exceeds 10,000 and continues" in refusal.value.what
    assert "Copy the words" in refusal.value.way_out


def test_nearest_passage_is_of_whole_words() -> None:
    """The passage shown does not begin or end inside a word."""
    with pytest.raises(QuoteNotFound, match='is "“The number of militants exceeds"'):
        find_quote(TEXT, "he numbers of militants exceed")


def test_nothing_near() -> None:
    """A text of something else gives no passage, rather than a misleading one."""
    for text in (TEXT, ""):
        with pytest.raises(QuoteNotFound, match="nor does anything near it"):
            find_quote(text, "Talks with the Taliban will be held in Moscow")


def test_a_long_quote_says_where_it_parts_from_the_text() -> None:
    """Of long words the middle is not shown, so the last words that agree are named."""
    text = " ".join(f"word{number}" for number in range(100))
    with pytest.raises(QuoteNotFound) as refusal:
        find_quote(f"Before.\n{text}", text.replace("word50", "wird50"))
    assert "on line 2" in refusal.value.what
    assert " … " in refusal.value.what
    assert len(refusal.value.what) < 400
    assert 'word48 word49 w"' in refusal.value.way_out


def test_scripts_without_spaces_give_short_passages() -> None:
    """Where no space ends a word, the passage is not widened without limit."""
    with pytest.raises(QuoteNotFound) as refusal:
        find_quote("说" * 5000 + "他在星期一说了这样的话" + "说" * 5000, "他在星期五说了这样的话")
    assert "他在星期一说了这样的话" in refusal.value.what
    assert len(refusal.value.what) < 300


def test_a_large_text_is_searched_soon() -> None:
    """Ten megabytes are searched in seconds: exactly, folded, and for the nearest passage."""
    text = TEXT.replace("He said", "They did") * 55_000 + "\nAt last: “the  end”."
    began = time.monotonic()
    assert find_quote(text, "At last").how == "exact"
    assert find_quote(text, 'At last: "the end"').how == "normalised"
    with pytest.raises(QuoteNotFound, match="At last: “the end”"):
        find_quote(text, "At least: the end")
    assert time.monotonic() - began < 20


def test_span_in_a_quote() -> None:
    """Words of a value are found in their quote; the offset is that of the quote."""
    assert find_span("exceeds 10,000", "10,000") == Span("10,000", 8, 14)
    assert find_span("exceeds\u00a010,000", "exceeds 10,000", offset=100) == Span(
        "exceeds\u00a010,000", 100, 114
    )
    assert find_span("10 and 10", "10", offset=5) == Span("10", 5, 7)
    assert find_span("exceeds 10,000", "10,000", offset=None) == Span("10,000")


def test_span_not_in_a_quote() -> None:
    """Words that are not in the quote are refused with both."""
    with pytest.raises(QuoteNotFound, match='"20,000" does not stand in the quote "exceeds 10,0'):
        find_span("exceeds 10,000", "20,000")


@pytest.mark.parametrize("space", [c for c in map(chr, range(sys.maxunicode)) if c.isspace()])
def test_every_kind_of_space_is_a_space(space: str) -> None:
    """Whatever Unicode counts as white space stands for a space, in the text and in the words."""
    assert find_quote(f"a{space}{space}b", "a b").quote.exact == f"a{space}{space}b"
    assert find_quote("a b", f"a{space}b").quote.exact == "a b"
    with pytest.raises(QuoteNotFound, match='is "one two three"'):
        find_quote(f"one{space}two{space}three", "one two thrae")


texts = st.text(
    st.sampled_from("ab'\"’‘“”. \n\u00a0\u2028\u2009e\u0301👍🏽\u200dن١语") | st.characters(),
    min_size=1,
    max_size=60,
)


@given(texts, st.data())
def test_any_part_of_any_text_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    """Words cut from a text are found at exact offsets, unless they stand there twice."""
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : data.draw(st.integers(start + 1, len(text)))].strip()
    assume(words)
    places = [at for at in range(len(text)) if text.startswith(words, at)]
    try:
        anchored = find_quote(text, words)
    except QuoteAmbiguous as refusal:
        assert len(places) > 1
        assert f" {len(places)} times" in refusal.what
    else:
        assert anchored.how == "exact"
        assert [anchored.quote.start] == places
        assert text[anchored.quote.start : anchored.quote.end] == words == anchored.quote.exact
    assert find_span(text, words).start == places[0]


ALIKE = {"'": st.sampled_from("'‘’"), '"': st.sampled_from('"“”')}
SPACES = st.text("\n\r\t \u00a0\u2003\u2028\u3000", min_size=1, max_size=4)
words_with_quotes = st.text("abé👍'\" ", min_size=1).map(lambda text: " ".join(text.split()))
around = texts.map(lambda text: text.replace("|", ""))


@given(words_with_quotes, around, around, st.data())
def test_restyled_words_are_found(words: str, before: str, after: str, data: st.DataObject) -> None:
    """Words are found under other spaces and curled quotes, and the text's own are kept."""
    styles = (ALIKE.get(char, SPACES if char == " " else st.just(char)) for char in words)
    styled = "".join(map(data.draw, styles))
    anchored = find_quote(f"{before}|{styled}|{after}", f"|{words}|")
    assert anchored.how == ("exact" if styled == words else "normalised")
    assert anchored.quote.exact == f"|{styled}|"
    assert anchored.quote.start == len(before)
    assert anchored.quote.end == len(before) + len(styled) + 2


@given(texts, texts)
def test_words_not_in_a_text_are_refused_in_one_line(text: str, words: str) -> None:
    """Whatever is not found is refused in a sentence without line breaks, with a way out."""
    try:
        find_quote(text, words)
    except Refused as refusal:
        assert refusal.what.splitlines() == [refusal.what]
        assert refusal.way_out.endswith(".")
