"""How alike two texts are in their words: 0 to 100, across translations of one quote.

What counts is which words are shared: not their order, case, accents, quotation marks or English
endings. Names (a capital that begins no sentence) and numbers weigh twice, since they survive a
translation; words that nearly every text holds do not count; a word may stand for one that is
spelled nearly like it, a number never for another.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

Words = Mapping[str, float]  # stems, each with its weight

NAME_WEIGHT = 2.0  # of names and numbers; of all other words 1
SPELLED_ALIKE = 80  # the ratio, of 100, from which two words are taken for one
LONG_ENOUGH = 4  # letters; shorter words are spelled alike by chance
FEWEST_SHARED = 3  # words; less in common proves nothing, unless all words are the same
HOPELESS = 0.35  # the share of weight in common below which spellings are not compared

# "us" is not among them: it is a country where capitals are lost.
_NEARLY_EVERYWHERE = """
    a about according after all also am an and any are as at be because been before being both but
    by can claim claimed claims could d did do does doing during each for from further had has have
    having he her here hers him his how i if in into is it its itself just ll m may me might more
    most must my of off on once one only or other our out over own re s said same say says shall she
    should so some such t than that the their them then there these they this those through to told
    too under until up ve very was we were what when where which while who whom whose why will with
    would you your
"""
STOP_WORDS = frozenset(_NEARLY_EVERYWHERE.split())

# Scripts that put no spaces between words; each of their characters counts as a word.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)

_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|[{UNSPACED}]|[^\W\d_]+|\w")
_UNITED_STATES = re.compile(
    r"\bunited states(?: of america)?\b|\bu\.s\.(?:a\.)?|\busa\b", re.IGNORECASE
)
_NEGATED = re.compile(r"n['\u2019]t\b", re.IGNORECASE)
_ENDING = re.compile(r"(\w{3,}?)(?:ings?|ied|ed|ies|es|ly|y|s|e)")
_BEFORE_A_SENTENCE = ".!?:\u2026[(\"'\u201c\u201d\u2018"


def words_of(text: str) -> dict[str, float]:
    """The words of a text that count, as stems, each with its weight."""
    plain = _NEGATED.sub(" not", _UNITED_STATES.sub(" US ", unicodedata.normalize("NFKC", text)))
    words: dict[str, float] = {}
    for found in _TOKEN.finditer(plain):
        word = stem(found[0])
        if word and words.get(word) != NAME_WEIGHT:
            words[word] = NAME_WEIGHT if weighs_more(plain, found.start(), found[0]) else 1.0
    return words


@lru_cache(maxsize=100_000)
def stem(token: str) -> str:
    """A word without case, accents and English endings; empty where it does not count."""
    if token[0].isdigit():
        return token.replace(",", "")
    folded = unicodedata.normalize("NFKD", token.casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    if bare in STOP_WORDS:
        return ""
    cut = _ENDING.fullmatch(bare)
    return cut[1] if cut else bare


def weighs_more(text: str, start: int, token: str) -> bool:
    """Whether a word is a number, an acronym or a name."""
    if token[0].isdigit():
        return True
    if len(token) == 1 or not token[0].isupper():
        return False
    before = text[:start].rstrip()
    return token.isupper() or (bool(before) and before[-1] not in _BEFORE_A_SENTENCE)


def alike(left: Words, right: Words, *, partly: bool = False) -> float:
    """How much of the words of two texts is the same, from 0 to 100.

    The share of the weight of both that they have in common (Dice). With `partly` the mean of this
    and the share in the lighter text alone: one outlet may quote a part of what another quotes.
    """
    both = sum(left.values()) + sum(right.values())
    shared = left.keys() & right.keys()
    common = sum(left[word] + right[word] for word in shared)
    if common < HOPELESS * both or not shared:
        return 0.0
    pairs = list(spelled_alike(left.keys() - shared, right.keys() - shared))
    if len(shared) + len(pairs) < FEWEST_SHARED and left.keys() != right.keys():
        return 0.0
    common += sum(left[one] + right[other] for one, other in pairs)
    whole = common / both
    lighter = min(sum(left.values()), sum(right.values()))
    return 100 * (whole + min(1.0, common / 2 / lighter)) / 2 if partly else 100 * whole


def spelled_alike(left: Iterable[str], right: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of words that are spelled nearly the same; a word stands in one pair at most."""
    from rapidfuzz import fuzz, process

    free = sorted(filter(can_be_misspelled, right))
    for word in sorted(filter(can_be_misspelled, left)):
        best = process.extractOne(word, free, scorer=fuzz.ratio, score_cutoff=SPELLED_ALIKE)
        if best:
            free.remove(best[0])
            yield word, best[0]


def can_be_misspelled(word: str) -> bool:
    """Whether a word is long enough to be known by most of its letters; a number never is."""
    return len(word) >= LONG_ENOUGH and not word[0].isdigit()
