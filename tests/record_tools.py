"""Recording in the browser, for tests: a server of its own process, and forms sent without one."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import httpx
from cli_tools import arguments, claims, events

# Words that stand twice, characters beyond the first 65,536, and the line breaks of Windows.
ARTICLE = (
    "Envoy warns 🚁 of fighters\r\n\r\n"
    "KABUL 𝕏 — The number of fighters exceeds 10,000 and continues to grow, the envoy said on\r\n"
    "Saturday. He said that the number of fighters exceeds 10,000 in his talk with the agency.\r\n"
    "\r\n"
    "A second official named at least 200 camps in the north of the country.\r\n"
)
SECOND = (
    "The envoy told reporters that the number of fighters in the country exceeds 10,000 and that\n"
    "it continues to grow.\n"
)
SPEAKER = "Zamir Example"
FIRST = {
    "command": "record_statement", "statement_id": "known", "speaker_id": "zamir-example",
    "said_at": "2018-02", "proposition": "The number of fighters exceeds 10,000 and grows.",
    "reports": [{"source_id": "second", "quote": "fighters in the country exceeds 10,000"}],
}  # fmt: skip


@dataclass(frozen=True)
class Served:
    """A server at work on a ledger; `home` is where its key lies."""

    ledger: Path
    home: Path
    base: str
    entrance: str
    process: subprocess.Popen[bytes]

    @property
    def token(self) -> str:
        """The token that the server printed; empty where it takes no writing."""
        return self.entrance.partition("token=")[2]

    @property
    def env(self) -> dict[str, str]:
        """The surroundings in which its key is found."""
        return {"XDG_CONFIG_HOME": str(self.home)}

    def last(self) -> dict[str, Any]:
        """The event that was recorded last, read with nothing of ours."""
        found: dict[str, Any] = events(self.ledger)[-1]
        return found

    def size(self) -> int:
        """How many events there are."""
        return len(events(self.ledger))


def new_ledger(folder: Path, home: Path) -> Path:
    """A ledger with two sources and a statement, and its key."""
    env = {"XDG_CONFIG_HOME": str(home)}
    for name, text in (("first", ARTICLE), ("second", SECOND)):
        (folder.parent / f"{name}.txt").write_bytes(text.encode())
    steps: list[list[str | Path]] = [["init", folder, "--origin", "example.org/claims"]]
    run(steps, None, env)
    lines = folder.parent / "commands.jsonl"
    made = [
        {"command": "register_speaker", "speaker_id": "zamir-example", "kind": "person",
         "name": SPEAKER},
        {"command": "define_measure", "measure_id": "fighters", "label": "Fighters",
         "unit": "people", "tags": ["militant-count"]},
        *({"command": "capture_source", "source_id": name, "title": f"The {name} text",
           "document": str(folder.parent / f"{name}.txt")} for name in ("first", "second")),
        FIRST,
    ]  # fmt: skip
    lines.write_text("".join(json.dumps(each) + "\n" for each in made))
    run([["append", lines, "--documents", folder.parent]], folder, env)
    return folder


def run(steps: list[list[str | Path]], ledger: Path | None, env: dict[str, str]) -> None:
    """Run `claims` several times; all must end well."""
    for words in steps:
        done = claims(*words, ledger=ledger, env=env)
        assert done.code == 0, done.err


@contextmanager
def served(ledger: Path, home: Path, *words: str) -> Iterator[Served]:
    """`claims serve` as a process of its own, on a free port, until the end."""
    process = subprocess.Popen(
        arguments(["serve", "--port", "0", *words], ledger),
        env={**os.environ, "XDG_CONFIG_HOME": str(home)},
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stderr is not None
        said = process.stderr.readline().decode()
        entrance = process.stderr.readline().decode() if "--write" in words else ""
        base = re.findall(r"http://[^/]+", said)[0]
        found = re.findall(r"http://\S+", entrance)
        _await(base)
        yield Served(ledger, home, base, found[0] if found else "", process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _await(base: str) -> None:
    """Wait for the first answer; the port listens before there is one."""
    assert httpx.get(f"{base}/static/site.css", timeout=20).status_code == 200


class _Fields(HTMLParser):
    """Takes the fields of the recording form from a page, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                self.fields[name] = value
        elif tag == "input" and name not in ("q", "as_of"):
            self.fields[name] = value
        elif tag == "textarea":
            self._area, self.fields[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data


def fields_of(page: str) -> dict[str, str]:
    """The fields of the form in a page, with what stands in them."""
    parser = _Fields()
    parser.feed(page)
    return parser.fields


class Sender:
    """Sends forms as a browser does, and keeps its cookie."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.client = httpx.Client(base_url=server.base, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def enter(self) -> httpx.Response:
        """Open the session of the token."""
        return self.client.get(self.server.entrance)

    def form(self, **query: str) -> dict[str, str]:
        """The fields of a new form."""
        got = self.client.get("/record", params={"source": "first", **query})
        assert got.status_code == 200, got.text
        return fields_of(got.text)

    def send(self, fields: dict[str, str], order: str = "record", **headers: str) -> httpx.Response:
        """Send a form; `headers` are those that differ from a browser's."""
        sent = {
            "origin": self.server.base,
            "content-type": "application/x-www-form-urlencoded",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        body = urlencode({**fields, "do": order}).encode()
        return self.client.post(
            "/record", content=body, headers={name: v for name, v in sent.items() if v}
        )
