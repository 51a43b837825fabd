"""Texts that nobody wrote, as long, as varied and as compressible as those of news.

Words are drawn one by one, by the law of Zipf and Mandelbrot (the word of rank r as often as
1 / (r + 2.7)): common English words first, then names that were made up from syllables, which are
the long tail in news. No sentence is drawn from a list: a compressor would find it again.
"""

import random
from array import array
from itertools import accumulate, chain, product

FUNCTION = """
the of and to in a that is was for on it with as he be at by had not are but from they his which
or have an were said this who will been their would has more its one if what about up there when
all no out so than into could them only some time two may then do first any over now such like our
after also did many before through back where much should because those being under between never
""".split()

VERBS = """
claim report confirm reject deny warn answer launch attack kill injure need call show follow
expect demand announce cross visit request form remain return shell surround destroy treat rescue
help block repair clear reach move open close plan hold mark offer order accept endorse support
protest sign add appear arrest arrive ask assist avoid belong collapse collect concern consider
contain continue cost
""".split()

NOUNS = """
militant fighter soldier village district border province source official spokesman minister
president government army force group number people civilian family child hospital school road
bridge market camp convoy rocket drone strike attack battle war peace talk agreement ceasefire
statement report agency newspaper envoy ambassador council parliament election party leader member
commander unit base airport port ship aircraft weapon ammunition vehicle tank casualty victim
refugee prisoner hostage investigation court judge lawyer witness evidence document photograph
video satellite map region city town capital mountain river valley coast field winter spring
summer autumn week month year day night morning evening hour century million thousand hundred
dozen half quarter share price budget loan tax bank company worker farmer doctor nurse teacher
student patient vaccine disease flood drought storm earthquake harvest grain gas oil pipeline
plant reactor grid network signal channel programme project
""".split()

OTHERS = """
new former local foreign military civil political armed heavy light northern southern eastern
western central several recent further final early late large small high low full free public
private official unknown alleged joint daily weekly international national regional independent
responsible possible likely clear serious severe major minor double least most less almost nearly
exactly roughly reportedly allegedly according however meanwhile yesterday today tomorrow again
already still
""".split()

SYLLABLES = """
ka ra ve lin sor da mi to ze fu ba nor gel hi ul ar men pol sta gri vo lu che ryn das ost ilm an
ek ür şa né bo tul kri wes fa jo dun
""".split()

_NAMES = 3_500
_SLOTS = 1 << 16
_SHIFT = 2.7


def inflected() -> list[str]:
    """The content words in the forms in which they stand in sentences."""
    verbs = [f"{stem[:-1] if stem.endswith('e') and end[0] in 'ei' else stem}{end}"
             for stem, end in product(VERBS, ("s", "ed", "ing"))]  # fmt: skip
    return [*VERBS, *verbs, *NOUNS, *(f"{noun}s" for noun in NOUNS), *OTHERS]


def made_up_names(count: int) -> list[str]:
    """Names of people and places that there are not, all different."""
    parts = chain(product(SYLLABLES, repeat=2), product(SYLLABLES, repeat=3))
    names = ["".join(each).capitalize() for each in parts]
    random.Random("names").shuffle(names)
    return names[:count]


def vocabulary() -> list[str]:
    """All words, the most frequent first."""
    content, names = inflected(), made_up_names(_NAMES)
    random.Random("content").shuffle(content)
    return [*FUNCTION, *content, *names]


def slots(words: list[str]) -> list[str]:
    """A table of 65,536 slots in which each word has as many as its frequency says."""
    weights = [1 / (rank + _SHIFT) for rank in range(1, len(words) + 1)]
    scale = _SLOTS / sum(weights)
    ends = [round(each * scale) for each in accumulate(weights)]
    table = [word for word, start, end in zip(words, [0, *ends], ends, strict=False)
             for _ in range(end - start)]  # fmt: skip
    return table[:_SLOTS]


_TABLE = slots(vocabulary())


def draw(chance: random.Random, count: int) -> list[str]:
    """Words, drawn by their frequency."""
    return [_TABLE[at] for at in array("H", chance.randbytes(2 * count))]


def sentence(chance: random.Random, shortest: int, longest: int) -> str:
    """One sentence of so many words."""
    words = draw(chance, chance.randint(shortest, longest))
    words[0] = words[0].capitalize()
    return " ".join(words) + "."


def passage(chance: random.Random, sentences: int) -> str:
    """Sentences one after another."""
    return " ".join(sentence(chance, 8, 24) for _ in range(sentences))
