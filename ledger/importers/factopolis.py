"""A folder of Factopolis (factopolis/factopolis, CC BY 4.0): Markdown with front matter.

folder ─▶ factopolis_pages (what each file is) ─▶ factopolis_assertions (statements, checks, …)
              └──▶ front_matter (YAML as text)       └──▶ factopolis_people, factopolis_sources

Rules kept here:
- each file is one row, in words of its own: what records nothing by itself is counted too.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ledger.errors import ClaimsError
from ledger.importers.factopolis_assertions import Assertions
from ledger.importers.factopolis_pages import Known, Page, content_of, front_of, pages_of, text_of
from ledger.importers.factopolis_people import Speakers, checker, group, person
from ledger.importers.rows import Fault, Item, Raw, Row
from ledger.importers.settings import Settings

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.importers.front_matter import Front


class FactopolisSettings(Settings):
    """There is nothing to set."""


SETTINGS = FactopolisSettings


def guess(form: str, files: Sequence[str]) -> dict[str, Any]:  # noqa: ARG001  as all formats
    """There is nothing to guess; raises Refused where a folder is none of Factopolis."""
    for name in files:
        content_of(name)
    return {}


def read(form: str, files: Sequence[str], settings: FactopolisSettings) -> Iterator[Item]:
    """The files of the folders; who they name is taken for new."""
    return read_into(None, form, files, settings)


def read_into(
    ledger: "Ledger | None",
    form: str,  # noqa: ARG001  as all formats
    files: Sequence[str],
    settings: FactopolisSettings,  # noqa: ARG001  as all formats
) -> Iterator[Item]:
    """The files of the folders, each a row."""
    for name in files:
        yield from read_folder(ledger, pages_of(content_of(name)))


def read_folder(ledger: "Ledger | None", pages: Sequence[Page]) -> Iterator[Item]:
    """The rows of a folder: people, claims and checkers first, since assertions refer to them."""
    known = Known({}, {}, {}, {})
    referred = [page for page in pages if page.kind in ("group", "checker", "person", "claim")]
    faults: dict[Page, Fault] = {}
    for page in referred:
        try:
            front = front_of(page)
            text_of(front, "title", needed=True)
            known.of(page.kind)[page.slug] = front
        except ClaimsError as error:
            faults[page] = fault_of(error, page)
    made, speakers = registrations(referred, known, faults)
    refused = Speakers(ledger).refused(made)
    assertions = Assertions(known, {page.slug: refused[key] for key, page in speakers.items()
                                    if key in refused and page.kind == "person"})  # fmt: skip
    for page in pages:
        key = page.name
        if page in faults:
            yield faults[page]
        elif key in refused:
            yield fault_of(refused[key], page)
        elif key in made:
            yield row_of(page, [made[key]])
        else:
            yield item_of(page, assertions)


def registrations(
    pages: Sequence[Page], known: Known, faults: dict[Page, Fault]
) -> tuple[dict[str, Raw], dict[str, Page]]:
    """The speakers that pages make, and those pages, by their names; notes what is refused."""
    makers: dict[str, Callable[[Page, Front], Raw]] = {
        "person": lambda page, front: person(page.slug, front, known.groups),
        "group": lambda page, front: group(page.slug, front),
        "checker": lambda page, front: checker(page.slug, front),
    }
    made: dict[str, Raw] = {}
    speakers: dict[str, Page] = {}
    for page in pages:
        if page in faults or page.kind not in makers:
            continue
        try:
            made[page.name] = makers[page.kind](page, known.of(page.kind)[page.slug])
            speakers[page.name] = page
        except ClaimsError as error:
            faults[page] = fault_of(error, page)
            del known.of(page.kind)[page.slug]
    return made, speakers


def item_of(page: Page, assertions: Assertions) -> Item:
    """The row of a page that is no speaker, or what is wrong with it."""
    try:
        if page.kind == "claim":
            return row_of(page, [])
        front = front_of(page)
        return assertions.row(page, front) if page.kind == "assertion" else row_of(page, [])
    except ClaimsError as error:
        return fault_of(error, page)


def row_of(page: Page, shared: list[Raw]) -> Row:
    """The row of a page without statements."""
    return Row(
        number=None, commands=[], shared=shared, file=str(page.path), counts={page.kind: 1},
        columns={"name": "title", "memberships": "offices"},
    )  # fmt: skip


def fault_of(error: ClaimsError, page: Page) -> Fault:
    """What is wrong with a page."""
    return Fault.of(error, None, file=str(page.path))
