"""Makes a page of a template: one file with its style inside, and a policy that allows no more.

Rules kept here:
- every text is escaped by the templates; what hides or turns in it is shown by its number;
- the policy allows one style by its hash, and where there are charts one script; no request at all;
- the running title of a printed page stands in the style, so it is written there letter by letter.
"""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ledger.charts import chart_script, chart_style
from ledger.charts.page import hash_of
from ledger.charts.words import plain
from ledger.report import wording
from ledger.web.templating import said, seen, short

_RUNNING = 70  # characters of a title that fit above a printed page
_POLICY = "default-src 'none'; style-src '{}'; {}img-src data:; base-uri 'none'; form-action 'none'"


def render(template: str, *, title: str, charts: dict[str, Markup], **values: Any) -> bytes:  # noqa: ANN401  what it shows
    """A whole page in UTF-8; where it has charts, with the script that shows what marks say."""
    style, script = _style(title), chart_script() if charts else ""
    allowed = f"script-src '{hash_of(script)}'; " if script else ""
    made = environment().get_template(template)
    return made.render(
        title=title, charts=charts, style=Markup(style), script=Markup(script),  # noqa: S704  ours
        policy=_POLICY.format(hash_of(style), allowed), **values,
    ).encode()  # fmt: skip


@cache
def environment() -> Environment:
    """The templates of this package, with what they may call."""
    made = Environment(
        loader=PackageLoader("ledger.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(
        said=said, seen=seen, counted=wording.counted, manner=wording.manner,
        lag=wording.lag, web=wording.web_address, lang=wording.language, moment=moment,
        hexed=hexed, cut=cut, plain=plain, short=short, listed=wording.listed,
    )  # fmt: skip
    made.globals.update(
        dated=wording.dated, RELATIONS=wording.RELATIONS, BASES=wording.BASES,
        MODES=wording.MODES, DISPUTING=wording.DISPUTING,
    )  # fmt: skip
    return made


def moment(value: datetime) -> Markup:
    """A time in UTC, to the second, in one piece."""
    return Markup('<span class="ref">{}</span>').format(f"{value:%Y-%m-%d %H:%M:%S} UTC")


def hexed(text: str) -> Markup:
    """A hash in groups of eight digits, between which a line may break; copied, it is whole."""
    groups = [escape(text[at : at + 8]) for at in range(0, len(text), 8)]
    return Markup("<wbr>").join(groups)


def cut(text: str) -> Markup:
    """A text that is cut out of the file with common tools: no more is escaped than must be."""
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))  # noqa: S704  done here


def _style(title: str) -> str:
    """The style of a page: that of charts, that of reports, and the title above printed pages."""
    own = files("ledger.report").joinpath("report.css").read_text(encoding="utf-8")
    running = _css_text(short(plain(title), _RUNNING))
    return chart_style() + own + f'@page {{ @top-left {{ content: "{running}"; }} }}\n'


def _css_text(text: str) -> str:
    """A text inside a string of CSS: whatever is no plain letter, digit or space by its number."""
    return "".join(
        char if char.isascii() and (char.isalnum() or char == " ") else f"\\{ord(char):x} "
        for char in text
    )
