"""The commits of a branch's first-parent line that touch one file, renames followed.

Rules kept here:
- a merge is one step, from its first parent to itself, with its own author and message;
- a rename is what git finds with half of the lines alike, whatever the user's configuration says.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from ledger.errors import Refused
from ledger.importers.git_program import Repository

NO_MESSAGE = "no message"
MOST_MESSAGE = 8_000  # characters of a message; every event of a commit bears it
MOST_NAME = 200  # characters of an author

_FORMAT = "--format=%x01%H%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x00"
_FIELDS = 8
_WORDS = (
    "log", "--first-parent", "-m", "--root", "--raw", "-z", "--no-abbrev", "-M50%", "-l1000",
    "--no-ext-diff", "--no-textconv", "--no-color", "--no-show-signature", "--no-notes",
    "--ignore-submodules=none", "--encoding=UTF-8", _FORMAT,
)  # fmt: skip
# Control characters but tab and newline, and what stands for bytes that are no text.
_ODD = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_REGULAR = "100"  # the mode of a file that is no link and no module


class Commit(NamedTuple):
    """Who changed something, when (ISO 8601 with zone), and why."""

    sha: str
    author: str
    authored: str
    committer: str
    committed: str
    message: str

    @property
    def short(self) -> str:
        """The beginning of its hash."""
        return self.sha[:12]


class Step(NamedTuple):
    """A commit that touches the file: its path, and its content afterwards, None where it is gone.

    `mode` is git's: 100644 and 100755 are files.
    """

    commit: Commit
    path: str
    blob: str | None
    mode: str

    @property
    def is_file(self) -> bool:
        """Whether it is a file, no symbolic link and no module."""
        return self.mode.startswith(_REGULAR)


class Entry(NamedTuple):
    """One path that a commit touches; `old` is its path before, where it was renamed."""

    status: str
    old: str
    path: str
    blob: str
    mode: str


def steps_of(repository: Repository, branch: str, path: str) -> list[Step]:
    """The steps of a file, oldest first; raises Refused where the line never had it."""
    steps: list[Step] = []
    wanted = path
    sha = repository.commit(branch)
    with repository.output(*_WORDS, sha, "--") as out:
        for commit, entries in commits_in(out):
            entry = entry_for(wanted, entries)
            if entry is None:
                continue
            if entry.path != wanted and not steps:
                raise renamed(path, entry.path, commit)
            gone = entry.status == "D" or entry.path != wanted
            steps.append(Step(commit, wanted, None if gone else entry.blob, entry.mode))
            wanted = wanted if gone else entry.old
    if not steps:
        raise Refused(
            f"No commit on the line of {branch} has the file {path}.",
            way_out="Give its path from the top of the repository: --set file=PATH.",
        )
    steps.reverse()
    return steps


def entry_for(path: str, entries: list[Entry]) -> Entry | None:
    """What a commit does to a path; that it went on under another name, where it has no other."""
    here = (entry for entry in entries if entry.path == path)
    away = (entry for entry in entries if entry.old == path)
    return next(here, None) or next(away, None)


def renamed(path: str, now: str, commit: Commit) -> Refused:
    """The refusal of a name that the file has no more."""
    return Refused(
        f"{path} is called {now} since commit {commit.short}.",
        way_out=f"Give the name that it has now: --set file={now}",
    )


def commits_in(out: BinaryIO) -> Iterator[tuple[Commit, list[Entry]]]:
    """The commits that git printed, newest first, each with the paths that it touches."""
    words = words_of(out)
    word = next(words, None)
    while word is not None:
        fields = [word.lstrip(b"\n\x01"), *(next(words, b"") for _ in range(_FIELDS - 1))]
        entries: list[Entry] = []
        while (word := next(words, None)) is not None and not word.startswith(b"\x01"):
            if word := word.lstrip(b"\n"):
                entries.append(entry_of(word, words))
        yield commit_of(fields), entries


def entry_of(word: bytes, words: Iterator[bytes]) -> Entry:
    """An entry: modes, hashes and status, then its path, or two of them."""
    _, mode, _, blob, status = word.decode("ascii").lstrip(":").split(" ")
    old = path = text_of(next(words, b""))
    if status[0] in "RC":
        path = text_of(next(words, b""))
    return Entry(status[0], path if status[0] == "C" else old, path, blob, mode)


def words_of(out: BinaryIO) -> Iterator[bytes]:
    """What stands between NUL bytes."""
    rest = b""
    while block := out.read(1 << 16):
        *whole, rest = (rest + block).split(b"\0")
        yield from whole
    if rest:
        yield rest


def commit_of(fields: list[bytes]) -> Commit:
    """A commit of its fields; what no event could hold is replaced."""
    sha, author, mail, authored, committer, committer_mail, committed, message = map(
        text_of, fields
    )
    said = clean(message).strip()
    if len(said) > MOST_MESSAGE:
        said = f"{said[:MOST_MESSAGE]} […]"
    return Commit(
        sha, person(author, mail), time_of(authored), person(committer, committer_mail),
        time_of(committed), said or NO_MESSAGE,
    )  # fmt: skip


def person(name: str, mail: str) -> str:
    """A person as `Name <mail>`."""
    said = f"{name} <{mail}>" if mail else name
    return " ".join(clean(said).split())[:MOST_NAME] or "unknown"


def time_of(text: str) -> str:
    """A time; one version of git writes Z where another writes +00:00."""
    return clean(text).replace("+00:00", "Z")


def clean(text: str) -> str:
    """A text that an event can hold."""
    return _ODD.sub("\ufffd", text.replace("\r\n", "\n"))


def text_of(data: bytes) -> str:
    """Bytes that git keeps as they came; most are UTF-8. A path keeps those that are not."""
    return data.decode("utf-8", "surrogateescape")
