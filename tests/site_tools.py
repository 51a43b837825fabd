"""A real `claims serve` in a process of its own, for tests."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli_tools import start

READY = re.compile(r"(http://[^ ]+)/ \(Ctrl-C")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:  # noqa: ANN401  JSON holds anything
        """The body as JSON."""
        return json.loads(self.body)


@contextmanager
def serving(ledger: Path, *more: str) -> Iterator[str]:
    """The address of a server on a free port of loopback; it is ended afterwards."""
    with start("serve", "--port", "0", *more, ledger=ledger) as server:
        assert server.stderr is not None
        said = server.stderr.readline().decode()
        found = READY.search(said)
        assert found, said + server.stderr.read().decode()
        try:
            yield found[1]
        finally:
            server.terminate()


def get(url: str, **headers: str) -> Answer:
    """Ask for an address; redirects are followed, errors are answers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=named), timeout=30) as got:
            return Answer(got.status, lowered(got.headers), got.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, lowered(error.headers), error.read())


def lowered(headers: Any) -> dict[str, str]:  # noqa: ANN401  a message of the standard library
    """Headers by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}
