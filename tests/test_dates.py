"""What a date's text means: its bounds, and what is said of a text that is no date."""

import subprocess
import sys
from datetime import date

import edtf
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.dates import USUAL, grammar, parse_date
from ledger.errors import Refused

BOUNDS = [
    ("2018", "2018-01-01", "2018-12-31"),
    ("2018-02", "2018-02-01", "2018-02-28"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2018-02-08", "2018-02-08", "2018-02-08"),
    ("0001", "0001-01-01", "0001-12-31"),
    ("9999-12", "9999-12-01", "9999-12-31"),
    # `?`, `~` and `%` change no bound, wherever they stand.
    ("2018?", "2018-01-01", "2018-12-31"),
    ("2018-02~", "2018-02-01", "2018-02-28"),
    ("2018-02-08%", "2018-02-08", "2018-02-08"),
    ("2018?-02", "2018-02-01", "2018-02-28"),
    ("?2018-02", "2018-02-01", "2018-02-28"),
    ("2018-~02-%08", "2018-02-08", "2018-02-08"),
    ("2018-21?", "2018-03-01", "2018-05-31"),
    # An open or unknown side has no bound.
    ("../2017", None, "2017-12-31"),
    ("/2017", None, "2017-12-31"),
    ("2015/..", "2015-01-01", None),
    ("2015/", "2015-01-01", None),
    ("../..", None, None),
    ("2015-03/2017", "2015-03-01", "2017-12-31"),
    ("2015~/2017-02?", "2015-01-01", "2017-02-28"),
    ("2018/2018-06", "2018-01-01", "2018-06-30"),
    ("201X/..", "2010-01-01", None),
    ("2018-XX/2019", "2018-01-01", "2019-12-31"),
    # A time is its written day; no zone shifts it.
    ("2023-02-08T10:00:00+03:00", "2023-02-08", "2023-02-08"),
    ("2023-02-08T23:59:59-11:00", "2023-02-08", "2023-02-08"),
    ("2023-02-08T00:00:00Z", "2023-02-08", "2023-02-08"),
    ("2023-02-08T00:00:00+00:00", "2023-02-08", "2023-02-08"),
    ("2023-02-08T24:00:00", "2023-02-08", "2023-02-08"),
    # Unknown digits.
    ("201X", "2010-01-01", "2019-12-31"),
    ("20XX?", "2000-01-01", "2099-12-31"),
    ("2018-XX", "2018-01-01", "2018-12-31"),
    ("2018-1X", "2018-10-01", "2018-12-31"),
    ("2018-02-XX", "2018-02-01", "2018-02-28"),
    ("2018-02-2X", "2018-02-20", "2018-02-28"),
    ("2018-04-3X", "2018-04-30", "2018-04-30"),
    ("2018-XX-31", "2018-01-31", "2018-12-31"),
    ("20XX-02-29", "2000-02-29", "2096-02-29"),
    ("1950S2", "1900-01-01", "1999-12-31"),
    # A year of which nothing is known is no bound at all.
    ("XXXX", None, None),
    ("XXXX?", None, None),
    ("XXXX-10", None, None),
    ("XXXX-02-29", None, None),
    ("XXXX-10/2017", None, "2017-12-31"),
    # Seasons, quarters, halves.
    ("2018-21", "2018-03-01", "2018-05-31"),
    ("2018-23", "2018-09-01", "2018-11-30"),
    ("2018-36", "2018-10-01", "2018-12-31"),
    ("2018-40", "2018-01-01", "2018-06-30"),
    # Sets span their members.
    ("[2017,2018]", "2017-01-01", "2018-12-31"),
    ("{2018-03,2017}", "2017-01-01", "2018-03-31"),
    ("[2017?,2018-02-XX]", "2017-01-01", "2018-02-28"),
    ("[2015..2017]", "2015-01-01", "2017-12-31"),
    ("[..2017,2019]", None, "2019-12-31"),
    ("{2017,2018..}", "2017-01-01", None),
    ("[2017,XXXX-10]", None, None),
]


@pytest.mark.parametrize(("text", "earliest", "latest"), BOUNDS)
def test_bounds(text: str, earliest: str | None, latest: str | None) -> None:
    """A date has the bounds of what is written, and keeps what is written."""
    parsed = parse_date(text)
    assert parsed.edtf == text
    assert parsed.earliest == (earliest and date.fromisoformat(earliest))
    assert parsed.latest == (latest and date.fromisoformat(latest))


def test_white_space_around_a_date_is_dropped() -> None:
    """Only the date itself is kept."""
    assert parse_date(" 2018-02\n") == parse_date("2018-02")
    assert parse_date(" 2018?-02\n").edtf == "2018?-02"


REFUSED = [
    ("", "is empty", "2018-02-28"),
    ("2023-02-31", '"2023-02-31" is not in the calendar', "2018-02-28"),
    ("2023-02-29", "not in the calendar", "2018-02-28"),
    ("2023-02-31T10:00:00Z", '"2023-02-31" is not in the calendar', "2018-02-28"),
    ("2022/2023-02-29", '"2023-02-29" is not in the calendar', "2018-02-28"),
    ("XXXX-02-30", "not in the calendar", "2018-02-28"),
    ("2018-02-3X", "not in the calendar", "2018-02-28"),
    ("2018-13", '"2018-13" is not in the calendar', "2018-02-28"),
    ("2018-00", "not in the calendar", "2018-02-28"),
    ("0000", "outside the years 0001 to 9999", "2018-02-28"),
    ("-0500", "outside the years 0001 to 9999", "2018-02-28"),
    ("Y20000", "outside the years 0001 to 9999", "2018-02-28"),
    ("2018/2017", "ends before it begins", "Write 2017/2018."),
    ("2018-02-08/2018-02-07", "ends before it begins", "Write 2018-02-07/2018-02-08."),
    ("[2018..2017]", "ends before it begins", "2018-02-28"),
    ("2023-2-8", "not a date", "Write 2023-02-08."),
    ("20230208", "not a date", "Write 2023-02-08."),
    ("2023/02/08", "not a date", "Write 2023-02-08."),
    ("8.2.2018", "not a date", "Write 2018-02-08."),
    ("02/08/2018", "not a date", "Write 2018-08-02 or 2018-02-08, whichever is meant."),
    ("13/08/2018", "not a date", "Write 2018-08-13."),
    ("Feb 2018", '"Feb 2018" is not a date', "Write 2018-02."),
    ("February 2018", "not a date", "Write 2018-02."),
    ("8 February 2018", "not a date", "Write 2018-02-08."),
    ("Feb. 8, 2018", "not a date", "Write 2018-02-08."),
    ("February 31, 2018", "not a date", "2018-02-28"),
    ("2015-2017", "not a date", "Write 2015/2017."),
    ("2018-02-xx", "not a date", "Write 2018-02-XX."),
    ("[2017, 2018]", "not a date", "Write [2017,2018]."),
    ("2015 / 2017", "not a date", "Write 2015/2017."),
    ("2023-02-08T10:00", "not a date", "Write 2023-02-08."),
    ("2023-02-08 10:00:00", "not a date", "Write 2023-02-08."),
    ("2018T10:00:00Z", "not a date", "2018-02-28"),
    ("2015/2016/2017", "not a date", "2018-02-28"),
    ("[2017,2018]/2019", '"[2017,2018]/2019" is not a date', "2018-02-28"),
    ("/", "not a date", "2018-02-28"),
    ("..", "not a date", "2018-02-28"),
    ("٢٠١٨", "not a date", "2018-02-28"),
    ("yesterday", "not a date", "2018-02-28"),
    ("x" * 1000, "x…", "2018-02-28"),
]


@pytest.mark.parametrize(("text", "what", "way_out"), REFUSED)
def test_refusal(text: str, what: str, way_out: str) -> None:
    """What is no date is refused with what was read, and with a date that could be meant."""
    with pytest.raises(Refused) as refusal:
        parse_date(text)
    assert what in refusal.value.what
    assert way_out in refusal.value.way_out
    assert len(refusal.value.what) < 150


def test_a_long_set_is_refused_at_once() -> None:
    """A text that would keep the grammar busy for seconds is no date."""
    with pytest.raises(Refused):
        parse_date("[" + ",".join(["2017?-02"] * 1000) + "]")


def test_nothing_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """The edtf library prints when it stumbles over `2018-1X`; standard output stays ours."""
    parse_date.__wrapped__("2018-1X")
    assert capsys.readouterr().out == ""


def test_plain_dates_load_no_library() -> None:
    """Reading the usual dates does not pay for the import of edtf."""
    code = (
        "import sys; from ledger.dates import parse_date as p;"
        "p('2018'); p('2018-02?'); p('2018-02-08T10:00:00Z'); p('2018?-02');"
        "p('201X'); p('2018-XX'); p('[..2023-01-20]');"
        "p('[2023-01-11..2023-02-12]'); p('{2015,2017-02}');"
        "sys.exit('edtf' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31)).map(date.isoformat)
precise = st.builds(lambda day, length: day[:length], days, st.sampled_from([4, 7, 10]))
plain = st.builds("{}{}".format, precise, st.sampled_from(["", "?", "~", "%"]))
moments = st.builds(
    "{}T{}{}".format,
    days,
    st.times().map(lambda time: time.isoformat("seconds")),
    st.sampled_from(["", "Z", "+03:00", "-11:30", "+14:00"]),
)
sets = st.builds("[{},{}]".format, plain, plain)


@examples(30, 1_000)
@given(st.one_of(plain, moments, sets))
def test_bounds_are_the_librarys_strict_ones(text: str) -> None:
    """Where the edtf library keeps our rules, both read the same bounds."""
    parsed, library = parse_date(text), edtf.parse_edtf(text)
    assert parsed.earliest == date(*library.lower_strict()[:3])
    assert parsed.latest == date(*library.upper_strict()[:3])


@examples(60, 1_000)
@given(st.from_regex(USUAL, fullmatch=True))
def test_what_is_taken_without_the_library_is_what_it_takes(text: str) -> None:
    """Dates that are read by their form alone fit the grammar."""
    grammar().try_parse(text, 0)


@examples(40, 1_000)
@given(plain, plain)
def test_an_interval_spans_its_sides(lower: str, upper: str) -> None:
    """An interval begins with its lower side and ends with its upper one, or is refused."""
    earliest, latest = parse_date(lower).earliest, parse_date(upper).latest
    assert earliest is not None
    assert latest is not None
    if earliest > latest:
        with pytest.raises(Refused, match="ends before it begins"):
            parse_date(f"{lower}/{upper}")
    else:
        both = parse_date(f"{lower}/{upper}")
        assert (both.earliest, both.latest) == (earliest, latest)


@examples(40, 1_000)
@given(days, st.integers(1, 15))
def test_unknown_digits_widen_the_bounds(day: str, which: int) -> None:
    """A date with unknown digits holds every day that it may be, and bounds that fit its digits."""
    places = [place for bit, place in enumerate((3, 6, 8, 9)) if which >> bit & 1]
    mask = "".join("X" if place in places else char for place, char in enumerate(day))
    parsed = parse_date(mask)
    assert parsed.earliest is not None
    assert parsed.latest is not None
    assert parsed.earliest <= date.fromisoformat(day) <= parsed.latest
    for bound in (parsed.earliest.isoformat(), parsed.latest.isoformat()):
        fits = [known in {"X", char} for known, char in zip(mask, bound, strict=True)]
        assert all(fits)


@settings(deadline=None)
@given(st.text("0123X-/.?~[]{},TZ:+S ", max_size=14) | st.text(max_size=10))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    """No text ends otherwise than in ordered bounds or in a refusal with a way out."""
    try:
        parsed = parse_date(text)
    except Refused as refusal:
        assert refusal.what.endswith(".")
        assert refusal.way_out.endswith(".")
    else:
        bounds = [bound for bound in (parsed.earliest, parsed.latest) if bound]
        assert bounds == sorted(bounds)
