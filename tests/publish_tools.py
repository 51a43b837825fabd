"""Published sites, read as a stranger reads them: files, tiles and pages."""

import html.parser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from log_tools import snapshot
from site_verifier import verify

from ledger.log import Log
from ledger.publish import Options

BARE = Options(views=False, wait_seconds=0.2)


def reader(site: Path) -> Callable[[str], bytes | None]:
    """Fetches paths from a folder, as a web server would."""

    def fetch(path: str) -> bytes | None:
        file = site / path
        return file.read_bytes() if file.is_file() else None

    return fetch


def verified(site: Path, log: Log) -> dict[str, Any]:
    """What the independent verifier says of a site, with the key of a log."""
    return verify(reader(site), log.verifier_key)


def tiles_of(site: Path) -> set[str]:
    """The paths of all tiles and bundles."""
    return {
        path.relative_to(site).as_posix() for path in (site / "tile").rglob("*") if path.is_file()
    }


class PageReader(html.parser.HTMLParser):
    """What a browser would find in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links, tags and the policy."""
        found = dict(attrs)
        self.tags.append(tag)
        if tag == "a":
            self.links.append(found["href"] or "")
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"] or ""

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def read_page(site: Path, name: str = "index.html") -> PageReader:
    """A page of a site."""
    page = PageReader()
    page.feed((site / name).read_text("utf-8"))
    return page


def page_text(site: Path) -> str:
    """The words of the page."""
    return read_page(site).text


def holds(site: Path, words: bytes) -> list[Path]:
    """The files of a site that hold some words."""
    return [path for path, data in snapshot(site).items() if words in data]
