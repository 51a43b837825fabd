"""The pattern of a text finds what DuckDB finds without case and accents."""

import unicodedata
from collections.abc import Callable

import duckdb
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from ledger.folding import folded, pattern_of

# Marks of one script stand over letters of the same: over others nobody writes them, and the
# pattern does not look for them there.
LETTERS = st.characters(categories=("L", "N", "P", "Zs"), max_codepoint=0x58F)
MARKED = ((0x5D0, 0x65F), (0x900, 0x97F), (0x1E00, 0x1FFF), (0x3041, 0x30FF))
WORDS = st.one_of(
    st.text(LETTERS | st.characters(min_codepoint=0x300, max_codepoint=0x36F), max_size=12),
    *(
        st.text(st.characters(categories=("L", "M", "Zs"), min_codepoint=first, max_codepoint=last))
        for first, last in MARKED
    ),
)
FOUND = "select regexp_matches($text, $pattern), contains(lower(strip_accents($text)), $folded)"


@given(WORDS, WORDS, st.sampled_from((str.upper, lambda _: "")))
@examples(60, 600)
def test_a_pattern_finds_what_folding_finds(
    text: str, words: str, told: Callable[[str], str]
) -> None:
    """Wherever DuckDB's own lower and strip_accents would find it, and nowhere else."""
    if not (sought := folded(words)):
        return
    whole = f"{text}{told(unicodedata.normalize('NFC', words))}{text}"
    if any(folded(each.upper()) != folded(each) for each in (whole, words)):
        return  # letters whose upper case is that of another letter, as ᲀ and в share В
    with duckdb.connect() as connection:
        given = {"text": whole, "pattern": pattern_of(words), "folded": sought}
        row = connection.execute(FOUND, given).fetchone()
    assert row is not None
    assert row[0] == row[1], (whole, words)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("karzai", "Hamid KÁRZAÏ said"),
        ("Şabotul", "the sabotul of"),
        ("10,000", "exceeds 10,000 men"),
        ("a.c", "a.c"),
        ("هدف", "هَدَف"),
        ("Йод", "иод и йод"),
    ],
)
def test_accents_and_case_do_not_matter(words: str, text: str) -> None:
    """In Latin, Cyrillic and Arabic script."""
    with duckdb.connect() as connection:
        found = connection.execute(
            "select regexp_matches($text, $pattern)", {"text": text, "pattern": pattern_of(words)}
        ).fetchone()
    assert found == (True,)


def test_what_stands_for_something_in_a_pattern_stands_for_itself() -> None:
    """A dot is a dot, a bracket a bracket."""
    with duckdb.connect() as connection:
        for words, text in (("a.c", "abc"), ("[ab]", "a"), ("a*", "aa"), ("(?i)", "x")):
            given = {"text": text, "pattern": pattern_of(words)}
            found = connection.execute("select regexp_matches($text, $pattern)", given).fetchone()
            assert found == (False,), words
