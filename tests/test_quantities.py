"""Numbers with their hedge: what short forms mean, and whether the words say the same."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.values import Number, Quantity
from ledger.errors import Refused
from ledger.quantities import check_quantity, check_words, format_quantity, parse_value


def eq(number: Number) -> Quantity:
    """Build the quantity of exactly this number."""
    return Quantity(
        "eq", low=number, best=number, high=number, low_inclusive=True, high_inclusive=True
    )


def about(number: Number) -> Quantity:
    """Build the quantity of about this number."""
    return Quantity("about", best=number)


def gt(number: Number) -> Quantity:
    """Build the quantity of more than this number."""
    return Quantity("gt", low=number, low_inclusive=False)


def ge(number: Number) -> Quantity:
    """Build the quantity of this number or more."""
    return Quantity("ge", low=number, low_inclusive=True)


def lt(number: Number) -> Quantity:
    """Build the quantity of less than this number."""
    return Quantity("lt", high=number, high_inclusive=False)


def le(number: Number) -> Quantity:
    """Build the quantity of this number or less."""
    return Quantity("le", high=number, high_inclusive=True)


def between(low: Number, high: Number) -> Quantity:
    """Build the quantity of a range."""
    return Quantity("between", low=low, high=high, low_inclusive=True, high_inclusive=True)


VALUES = [
    ("3500", eq(3500)),
    (" 3500\n", eq(3500)),
    ("10,000", eq(10000)),
    ("1,234,567.5", eq(1234567.5)),
    ("007", eq(7)),
    ("0", eq(0)),
    ("-0", eq(0)),
    ("-0.0", eq(0)),
    ("-12", eq(-12)),
    ("\N{MINUS SIGN}12", eq(-12)),
    ("10.50", eq(10.5)),
    ("10.0", eq(10)),
    ("exactly 12", eq(12)),
    ("1/3", eq(0.333333333333333)),
    ("2 / 4", eq(0.5)),
    ("25%", eq(0.25)),
    ("33.3 per cent", eq(0.333)),
    ("100 percent", eq(1)),
    ("1.5 million", eq(1500000)),
    ("10 thousand", eq(10000)),
    ("2 Billion", eq(2000000000)),
    ("123456789012345", eq(123456789012345)),
    ("9000000000000000", eq(9000000000000000)),
    ("~3500", about(3500)),
    ("about 3500", about(3500)),
    ("An estimated 10,000", about(10000)),
    ("some 300", about(300)),
    ("roughly 1/2", about(0.5)),
    ("approx. 30", about(30)),
    ("> 10000", gt(10000)),
    (">10000", gt(10000)),
    ("more than 10000", gt(10000)),
    ("MORE  THAN 10,000", gt(10000)),
    ("over 1.5 million", gt(1500000)),
    ("exceeds 25%", gt(0.25)),
    (">= 10", ge(10)),
    ("≥10", ge(10)),
    ("at least 10", ge(10)),
    ("no fewer than 10", ge(10)),
    ("< 200", lt(200)),
    ("nearly 200", lt(200)),
    ("almost 200", lt(200)),
    ("fewer than 200", lt(200)),
    ("<= 200", le(200)),
    ("≤ 200", le(200)),
    ("at most 200", le(200)),
    ("up to 200", le(200)),
    ("no more than 200", le(200)),
    ("10..20", between(10, 20)),
    ("10 .. 20.5", between(10, 20.5)),
    ("10 to 20", between(10, 20)),
    ("from 10 to 20", between(10, 20)),
    ("between 10 and 20", between(10, 20)),
    ("-5..-3", between(-5, -3)),
    ("10% to 20%", between(0.1, 0.2)),
    ("900 thousand to 1.1 million", between(900000, 1100000)),
    ("?", Quantity("unspecified")),
    ("no figure", Quantity("unspecified")),
]


@pytest.mark.parametrize(("text", "quantity"), VALUES)
def test_value(text: str, quantity: Quantity) -> None:
    """A short form gives the bounds and flags of its comparator, whole numbers as ints."""
    assert repr(parse_value(text)) == repr(quantity)


NO_VALUES = [
    ("", "missing", "Write ?"),
    (">", "missing", "Write ?"),
    ("thousands", '"thousands" is not a figure', "Write ?"),
    ("nan", "not a figure", "Write ?"),
    ("-inf", "not a figure", "Write ?"),
    ("½", "not a figure", "Write ?"),
    ("1e3", '"1e3" is not a figure', "Write out its digits"),
    ("1e999", "not a figure", "Write out its digits"),
    ("1,5", '"1,5" is not a figure', "Write 1.5 if"),
    ("1,00", "not a figure", "Write 1.00 if"),
    ("0,123", "not a figure", "Write 0.123 if"),
    ("1,5 million", "not a figure", "Write 1.5 million if"),
    ("10,00,000", "not a figure", "10,000"),
    ("10 000", "not a figure", "10,000"),
    ("10.000", '"10.000" is not a figure', "without the point"),
    ("±5", "not a figure", "Write it like"),
    ("10 people", "not a figure", "leave its unit out"),
    ("about about 10", "not a figure", "Write it like"),
    ("about 10..20", "not a figure", "without a hedge"),
    ("10-20", "not a figure", "10..20"),
    ("10..", "not a figure", "10..20"),
    ("10..10", "begins and ends at 10", "Write 10 alone"),
    ("20..10", "which is less", "10..20"),
    ("10 to 20 thousand", '"thousand" stands at one end', '"thousand" at both ends'),
    ("10 to 20%", '"%" stands at one end', '"%" at both ends'),
    ("1/0", "divides by zero", "Correct the fraction"),
    ("9007199254740993", "beyond 2**53", "larger unit"),
    ("10000 trillion", "beyond 2**53", "larger unit"),
    ("-10000 trillion", "beyond 2**53", "larger unit"),
    ("9" * 100_000, "beyond 2**53", "larger unit"),
    ("1234567890123456", "16 significant digits", "Round it"),
    ("0.1234567890123456", "16 significant digits", "0.123456789012346"),
    ("0." + "0" * 400 + "1", "too small", "smaller unit"),
]


@pytest.mark.parametrize(("text", "what", "way_out"), NO_VALUES)
def test_value_refused(text: str, what: str, way_out: str) -> None:
    """A form that could be misread, or not kept to its last digit, is refused with a way out."""
    with pytest.raises(Refused) as refusal:
        parse_value(text)
    assert what in refusal.value.what
    assert way_out in refusal.value.way_out
    assert len(refusal.value.what) < 150


CHECKED = [
    (Quantity("eq", low=5.0, best=5, high=5), eq(5)),
    (Quantity("eq", best=0.5), eq(0.5)),
    (Quantity("about", best=-0.0), about(0)),
    (Quantity("about", best=1e15), about(10**15)),
    (Quantity("gt", low=10), gt(10)),
    (Quantity("gt", low=10, low_inclusive=False), gt(10)),
    (Quantity("ge", low=10.0), ge(10)),
    (Quantity("lt", high=7.5), lt(7.5)),
    (Quantity("le", high=10), le(10)),
    (Quantity("between", low=1, high=2, high_inclusive=True), between(1, 2)),
    (Quantity("unspecified"), Quantity("unspecified")),
]


@pytest.mark.parametrize(("given_one", "checked"), CHECKED)
def test_check(given_one: Quantity, checked: Quantity) -> None:
    """A quantity given in full gets its flags, and ints for whole numbers."""
    assert repr(check_quantity(given_one)) == repr(checked)


UNCHECKED = [
    (Quantity("many", best=1), '"many" is not a comparator'),  # type: ignore[arg-type]  # on purpose
    (Quantity("eq"), "takes low, best and high; given was no bound"),
    (Quantity("eq", low=1, high=2), "one number, not 1 and 2"),
    (Quantity("about", low=1), "takes best; given was low"),
    (Quantity("gt", low=1, high=2), "takes low; given was low and high"),
    (Quantity("gt", low=1, low_inclusive=True), '"low_inclusive" cannot be true with "gt"'),
    (Quantity("ge", low=1, low_inclusive=False), '"low_inclusive" cannot be false with "ge"'),
    (Quantity("lt", high=1, low_inclusive=False), '"low_inclusive" cannot be false with "lt"'),
    (Quantity("le", high=1, high_inclusive=False), '"high_inclusive" cannot be false'),
    (Quantity("between", low=1), "takes low and high; given was low"),
    (Quantity("between", low=1, best=2, high=3), "takes low and high"),
    (Quantity("between", low=2, high=1), "which is less"),
    (Quantity("between", low=2, high=2.0), "begins and ends at 2"),
    (Quantity("unspecified", best=1), "takes no bound; given was best"),
    (Quantity("unspecified", low_inclusive=True), '"low_inclusive" cannot be true'),
    (Quantity("about", best=float("nan")), "nan is not a number"),
    (Quantity("about", best=float("-inf")), "-inf is not a number"),
    (Quantity("about", best=0.1 + 0.2), "17 significant digits"),
    (Quantity("about", best=2**53 + 2), "beyond 2**53"),
    (Quantity("about", best=1e22), "beyond 2**53"),
    (Quantity("about", best=10**5000), "beyond 2**53"),
]


@pytest.mark.parametrize(("given_one", "what"), UNCHECKED)
def test_check_refused(given_one: Quantity, what: str) -> None:
    """A quantity that says something else than its comparator is refused."""
    with pytest.raises(Refused) as refusal:
        check_quantity(given_one)
    assert what in refusal.value.what
    assert refusal.value.way_out


SAID = [
    ("10000", "exceeds 10,000"),
    ("10000", "10.000"),
    ("10", "10.000"),
    ("10000", "10 000"),
    ("10000", "10\N{NO-BREAK SPACE}000"),
    ("10000", "10\N{THIN SPACE}000"),
    ("10000", "10\N{NARROW NO-BREAK SPACE}000"),
    ("10000", "10'000"),
    ("10000", "10\N{ARABIC THOUSANDS SEPARATOR}000"),
    ("10000", "\u0661\u0660\N{ARABIC THOUSANDS SEPARATOR}\u0660\u0660\u0660"),
    ("10000", "\u06f1\u06f0\u06f0\u06f0\u06f0 \u0646\u0641\u0631"),
    ("10000", "\u0967\u0966,\u0966\u0966\u0966"),
    ("10000", "\u06f1\u06f0 \u0647\u0632\u0627\u0631"),  # "10 thousand" in Persian
    ("1.5", "1,5"),
    ("15", "1,5"),
    ("1500000", "1.5 million"),
    ("1.5", "1.5 million"),
    ("10000", "10k"),
    ("5 million", "$5m"),
    ("2 billion", "2bn"),
    ("500 thousand", "5 lakh"),
    ("1234567", "12,34,567"),
    ("10000..20000", "from 10 to 20 thousand"),
    ("10..20", "10-20"),
    ("2017", "in 2017 10 000"),
    ("10000", "in 2017 10 000"),
    ("200", "on the 5 200 men"),
    ("0.25", "25%"),
    ("25", "25%"),
    ("0.25", "25 per cent"),
    ("0.25", "25\npercent"),
    ("1/3", "1/3 of them"),
    ("1/3", "1 in 3"),
    ("2/3", "2 out of 3"),
    ("10", "10/0"),
    ("0.5", "½"),
    ("2.5 million", "2½ million"),
    ("15", "an F-15E"),
    ("1990", "the 1990s"),
    ("-5", "fell by 5"),
    ("5", "thousands"),
    ("1", "one officer"),
    ("10", ""),
    ("?", "in their 1000s"),
]


@pytest.mark.parametrize(("value", "words"), SAID)
def test_words_say_the_value(value: str, words: str) -> None:
    """Any plausible reading of the figures in the words will do; so do words without digits."""
    check_words(parse_value(value), words)


NOT_SAID = [
    ("1000", "exceeds 10,000", 'The words "exceeds 10,000" say 10000; the value says 1000.'),
    ("10..20", "between 10 and 30", "say 10 and 30; the value says 20."),
    ("2 million", "1.5 million", "say 1500000; the value says 2000000."),
    ("10 million", "10 members", "say 10; the value says 10000000."),
    ("100000", "10 000", "say 10000; the value says 100000."),
    ("0.3333", "1/3", "the value says 0.3333."),
    ("0.5", "1/3", "say 1 and 3; the value says 0.5."),
    ("2018", "\u06f2\u06f0\u06f1\u06f7", "say 2017; the value says 2018."),
    ("123456789012345", "123456789012346", "the value says 123456789012345."),
    ("7", "1, 2 and 3", "say 1, 2 and 3; the value says 7."),
]


@pytest.mark.parametrize(("value", "words", "what"), NOT_SAID)
def test_words_say_something_else(value: str, words: str, what: str) -> None:
    """Figures that cannot be read as the value are refused, with both side by side."""
    with pytest.raises(Refused) as refusal:
        check_words(parse_value(value), words)
    assert what in refusal.value.what
    assert "Correct the value or the words" in refusal.value.way_out


@pytest.mark.parametrize(
    "words", ["1 " * 30_000, "1" * 60_000, "1/" * 30_000, "1/" + "1" * 60_000, "1,000 " * 9000]
)
def test_many_digits_are_read_at_once(words: str) -> None:
    """Words full of digits end in a refusal, not in a long wait."""
    with pytest.raises(Refused, match="the value says 7"):
        check_words(eq(7), words)


FORMATTED = [
    (eq(3500), "people", "3,500 people"),
    (eq(0.25), "", "0.25"),
    (eq(1e-07), "", "0.0000001"),
    (about(3500), "people", "about 3,500 people"),
    (gt(10000), "", "more than 10,000"),
    (ge(10), "", "at least 10"),
    (lt(200), "tonnes", "less than 200 tonnes"),
    (le(-1234.5), "", "at most -1,234.5"),
    (between(10, 20), "", "10 to 20"),
    (Quantity("unspecified"), "people", "no figure"),
]


@pytest.mark.parametrize(("quantity", "unit", "text"), FORMATTED)
def test_format(quantity: Quantity, unit: str, text: str) -> None:
    """A number is shown with its hedge, its thousands and its unit."""
    assert format_quantity(quantity, unit) == text


whole = st.integers(-(10**15) + 1, 10**15 - 1)
decimals = st.builds(
    lambda digits, places: float(Decimal(digits).scaleb(-places)), whole, st.integers(1, 20)
)
numbers = whole | decimals.map(lambda number: int(number) if number == int(number) else number)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """Draw a quantity of any comparator."""
    if draw(st.booleans()):
        low, high = sorted((draw(numbers), draw(numbers)))
        assume(low != high)
        return check_quantity(Quantity("between", low=low, high=high))
    builder = draw(st.sampled_from([eq, about, gt, ge, lt, le]))
    return builder(draw(numbers))


@given(quantities())
def test_what_is_formatted_is_read_back(quantity: Quantity) -> None:
    """A formatted quantity is a short form of itself, and words that say its numbers."""
    text = format_quantity(quantity)
    assert repr(parse_value(text)) == repr(quantity)
    check_words(quantity, text)


@given(quantities())
def test_what_was_checked_stays(quantity: Quantity) -> None:
    """Checking a quantity that is right changes nothing."""
    assert repr(check_quantity(quantity)) == repr(quantity)


@given(whole, st.integers(0, 14))
def test_a_decimal_is_kept_to_its_last_digit(digits: int, places: int) -> None:
    """What 15 significant digits say is what the recorded number says."""
    written = f"{Decimal(digits).scaleb(-places):f}"
    assume(not written.endswith(".000"))
    best = parse_value(f"about {written}").best
    assert Decimal(repr(best)) == Decimal(written)
    assert repr(best) != "-0.0"


@given(st.text("0123456789.,-/% ?~<>=", max_size=12) | st.text(max_size=12))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    """No text ends otherwise than in a checked quantity or in a refusal with a way out."""
    try:
        quantity = parse_value(text)
    except Refused as refusal:
        assert refusal.what.endswith(".")
        assert refusal.way_out.endswith(".")
    else:
        assert check_quantity(quantity) == quantity


@given(st.integers(1, 10**9), st.text(max_size=20))
def test_any_words_can_be_read(number: int, words: str) -> None:
    """Words of any script are read; with the number itself among them they say it."""
    check_words(eq(number), f"{number} ; {words}")
