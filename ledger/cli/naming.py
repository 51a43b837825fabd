"""Things as they are named on the command line: by an id that stands, or by a name that is new."""

from typing import TYPE_CHECKING, Any

from ledger.cli.giving import given
from ledger.cli.resolve import candidates, the_one

if TYPE_CHECKING:
    from ledger.api import Ledger
    from projections.database import Database

ALIKE = 85  # the score, of 100, from which a name may be a misspelling of one that is there


def standing(ledger: "Ledger", noun: str, text: str) -> str | None:
    """The id of a thing that a text names in full, where that can be told without the views."""
    from events.ids import is_id
    from ledger.sure import stands

    desk = ledger.desk() if is_id(text) else None
    return text if desk and stands(f"{noun}/{text}", desk, ledger.log) else None


def known_or_new(
    ledger: "Ledger",
    noun: str,
    text: str,
    about: dict[str, Any],
    commands: list[dict[str, Any]],
    *,
    new: bool,
) -> str:
    """The id of a speaker or measure; a name that nothing has is registered along the way.

    A text that could be an id is taken for one, and a name that is like one already there may be a
    misspelling: both are refused, with the way out.
    """
    from events.ids import is_id, random_id, slug
    from ledger.errors import Refused

    if not new and (found_id := standing(ledger, noun, text)):
        return found_id
    views = ledger.views()
    if not new and (found := candidates(views, text, noun)):
        return the_one(found, text, noun).id
    if is_id(text) and not new:
        name, near = text.replace("-", " ").title(), like(views, noun, text)
        raise Refused(
            f"No {noun} has the id or name {text!r}.",
            field=f"--{noun}",
            way_out=f'{near}To make a new one, give its name: --{noun} "{name}".',
        )
    alike = like(views, noun, text)
    if alike and not new:
        raise Refused(
            f"{text!r} is new, but like a {noun} that is there.",
            field=f"--{noun}",
            way_out=f"{alike}If it is another one, say --new.",
        )
    made = slug(text) or random_id()
    name_field, verb = {
        "speaker": ("name", "register_speaker"),
        "measure": ("label", "define_measure"),
    }[noun]
    commands.append(given(command=verb, **{f"{noun}_id": made, name_field: text}, **about))
    return made


def like(views: "Database", noun: str, text: str) -> str:
    """A sentence that names the thing that a text is nearest to; empty where nothing is near."""
    from rapidfuzz import fuzz, process, utils

    column = {"speaker": "name", "measure": "label"}[noun]
    rows = views.connection.sql(f"select {noun}_id, {column} from {noun}s").fetchall()  # noqa: S608  names of ours
    names = {key: f"{name}" for key, name in rows} | {f"{key} ": key for key, _ in rows}
    best = process.extractOne(
        text, names, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=ALIKE
    )
    return f"Did you mean {best[2].strip()}? " if best else ""
