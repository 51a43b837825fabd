"""The pages of a Factopolis folder: which there are, what each is, and what others refer to.

person/<who>/_index.md   a person          person/<who>/<day>.md   an assertion of theirs
claims/<claim>/_index.md what is claimed   checker/<outlet>.md     who checks, with ratings
groups/<group>/_index.md a party           topics, themes, docs    words and texts of the site
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ledger.errors import ClaimsError, Refused
from ledger.importers.front_matter import Front, read_front

MOST_FILES = 100_000
_KINDS = {
    ("person", 3, True): "person",
    ("person", 3, False): "assertion",
    ("claims", 3, True): "claim",
    ("checker", 2, False): "checker",
    ("groups", 3, True): "group",
    ("topics", 3, True): "topic",
    ("themes", 3, True): "theme",
    ("docs", 2, False): "site text",
}
_FIRST = ("group", "checker", "person", "claim")  # what assertions refer to
_ITSELF = 2  # parts of the path of a page that lies in the folder of its kind


class Page(NamedTuple):
    """A file: its path below the folder, what it is, and what it is called there."""

    path: Path
    name: str
    kind: str
    slug: str


class Known(NamedTuple):
    """What assertions refer to, by its name in the folder."""

    people: dict[str, Front]
    claims: dict[str, Front]
    checkers: dict[str, Front]
    groups: dict[str, Front]

    def of(self, kind: str) -> dict[str, Front]:
        """The pages of a kind."""
        return {"person": self.people, "claim": self.claims, "checker": self.checkers,
                "group": self.groups}[kind]  # fmt: skip


def content_of(name: str) -> Path:
    """The folder of the content: the one that was named, or `content` in it; raises Refused."""
    folder = Path(name)
    for each in (folder / "content", folder):
        if (each / "person").is_dir():
            return each
    raise Refused(
        f"{name} is no folder of Factopolis: it has no folder `person`.",
        way_out="Name the folder `content` of a copy of factopolis/factopolis.",
    )


def pages_of(folder: Path) -> list[Page]:
    """All files of a folder: what assertions refer to first, then by their paths."""
    names: list[str] = []
    for here, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        names += [(Path(here) / name).relative_to(folder).as_posix() for name in sorted(files)]
        linked = [name for name in folders if (Path(here) / name).is_symlink()]
        names += [(Path(here) / name).relative_to(folder).as_posix() for name in linked]
        if len(names) > MOST_FILES:
            raise Refused(
                f"The folder has more than {MOST_FILES:,} files.", way_out="Import parts of it."
            )
    pages = [page_of(folder, name) for name in names]
    return sorted(pages, key=lambda page: (page.kind not in _FIRST, page.name))


def page_of(folder: Path, name: str) -> Page:
    """A file by its path, which says what it is."""
    parts = PurePosixPath(name).parts
    is_index = parts[-1] == "_index.md"
    kind = _KINDS.get((parts[0], len(parts), is_index), "site page")
    if not name.endswith(".md"):
        kind = "other file"
    slug = parts[-2] if is_index and len(parts) > _ITSELF else PurePosixPath(name).stem
    return Page(folder / name, name, kind, slug)


def front_of(page: Page) -> Front:
    """The front matter of a page; raises Refused, for links too."""
    if page.path.is_symlink():
        raise Refused(
            "The file is a link to somewhere else.", way_out="Put the file itself in its place."
        )
    if page.kind == "other file":
        return {}
    try:
        return read_front(page.path)
    except ClaimsError as error:
        if error.place.line:
            raise Refused(
                f"{error.what.removesuffix('.')} (line {error.place.line}).", way_out=error.way_out
            ) from None
        raise


# ── fields ───────────────────────────────────────────────────────────────────────────────────


def text_of(front: Mapping[str, Any], key: str, *, needed: bool = False) -> str | None:
    """A text of a page; None where it says none. Raises Refused."""
    value = front.get(key)
    if isinstance(value, dict | list):
        raise Refused(f"{key} should be a text.", field=key, way_out="Write one text.")
    text = value.strip() if isinstance(value, str) else ""
    if not text and needed:
        raise Refused(f"{key} is missing.", field=key, way_out=f"Write {key}.")
    return text or None


def list_of(front: Mapping[str, Any], key: str) -> list[str]:
    """The texts of a list; raises Refused."""
    value = front.get(key) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Refused(f"{key} should be a list of texts.", field=key, way_out="Write `- text`.")
    return list(dict.fromkeys(each.strip() for each in value))


def parts_of(front: Mapping[str, Any], key: str) -> Iterator[Front]:
    """The mappings of a list; raises Refused."""
    value = front.get(key) or []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Refused(
            f"{key} should be a list of keys with values.", field=key, way_out="Write `- key: …`."
        )
    yield from value


def part_of(front: Mapping[str, Any], key: str) -> Front:
    """A mapping; empty where there is none. Raises Refused."""
    value = front.get(key) or {}
    if not isinstance(value, dict):
        raise Refused(f"{key} should be keys with values.", field=key, way_out="Write `key: …`.")
    return value
