"""The pattern of a text finds what DuckDB finds without case and accents."""

import re
import unicodedata
from collections.abc import Callable

import duckdb
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from ledger.folding import folded, pattern_of

WORDS = st.text(
    st.characters(categories=("L", "M", "N", "P", "Zs"), max_codepoint=0x30FF), max_size=12
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
    """A dot is a dot."""
    assert not re.search(pattern_of("a.c").replace(r"\p{M}*", ""), "abc")
