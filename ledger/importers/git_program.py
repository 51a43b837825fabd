"""The git program, asked about a repository that somebody else made.

Rules kept here:
- only plumbing that reads is run: no checkout, hook, filter, textconv, helper or network, whatever
  the repository's own configuration says;
- a repository is the folder that was named, never one around it;
- every run has a time-out, and what comes out is read from a file, in flat memory.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, BinaryIO

from ledger.errors import Refused

TIMEOUT_SECONDS = 600.0
MOST_BYTES = 32 << 20  # of one version of a file

_SAFE = (
    "--no-pager", "--no-replace-objects",
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never",
    "-c", "core.alternateRefsCommand=", "-c", "log.showSignature=false", "-c", "log.showRoot=true",
    "-c", "diff.external=", "-c", "core.quotePath=false",
)  # fmt: skip
_KEPT = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")  # the user's own


class Repository:
    """A repository in a folder, bare or not. Raises Refused where there is none, or no git."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder).resolve()
        if not self.folder.is_dir():
            raise Refused(f"There is no folder {folder}.", way_out="Name the folder of a clone.")
        self._said("rev-parse", "--git-dir")
        if self._said("rev-parse", "--is-shallow-repository") == "true":
            raise Refused(
                f"{folder} is a shallow clone: the beginning of its history is missing.",
                way_out="Fetch the rest first: git fetch --unshallow.",
            )

    def commit(self, branch: str) -> str:
        """The hash of the commit at which a branch, tag or commit stands; raises Refused."""
        try:
            # As a full line it is no option, whatever it begins with.
            return self._said("rev-parse", "--verify", "--quiet", "--end-of-options",
                              f"{branch}^{{commit}}")  # fmt: skip
        except Refused:
            raise Refused(
                f"The repository {self.folder.name} has no commit at {branch!r}.",
                way_out="Name a branch, tag or commit that it has: --set branch=NAME.",
            ) from None

    @contextmanager
    def output(self, *words: str) -> Iterator[BinaryIO]:
        """What git prints, as a file at its beginning."""
        with TemporaryFile() as out, TemporaryFile() as errors:
            try:
                done = subprocess.run(  # noqa: S603  words of ours and checked names
                    self._line(words),
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=errors,
                    env=self._environment(),
                    timeout=TIMEOUT_SECONDS,
                    check=False,
                )
            except FileNotFoundError:
                raise no_git() from None
            except subprocess.TimeoutExpired:
                raise too_slow(words[0]) from None
            if done.returncode:
                raise self._failed(words[0], errors)
            out.seek(0)
            yield out

    @contextmanager
    def blobs(self, hashes: Sequence[str]) -> Iterator["Blobs"]:
        """The contents of some blobs, one after another, in the order in which they are named."""
        with TemporaryFile() as asked, TemporaryFile() as errors:
            asked.write("".join(f"{name}\n" for name in hashes).encode())
            asked.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603  words of ours
                    self._line(("cat-file", "--batch")),
                    stdin=asked,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=self._environment(),
                )
            except FileNotFoundError:
                raise no_git() from None
            with process:
                try:
                    yield Blobs(process)
                finally:
                    process.kill()

    def _said(self, *words: str) -> str:
        with self.output(*words) as out:
            return out.read(1 << 16).decode("utf-8", "replace").strip()

    def _line(self, words: Sequence[str]) -> list[str]:
        return ["git", "-C", str(self.folder), *_SAFE, *words]

    def _environment(self) -> dict[str, str]:
        """What git finds around it: nothing that leads to another repository, or asks a person."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("GIT_") or name in _KEPT
        }
        return kept | {
            "GIT_CEILING_DIRECTORIES": str(self.folder.parent),
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
        }

    def _failed(self, verb: str, errors: IO[bytes]) -> Refused:
        errors.seek(0)
        said = errors.read(4096).decode("utf-8", "replace").strip()
        if "not a git repository" in said:
            return Refused(
                f"{self.folder} is no git repository.", way_out="Name the folder of a clone."
            )
        first = said.splitlines()[0] if said else "it gave no reason"
        return Refused(
            f"git {verb} failed in {self.folder}: {first}.",
            way_out="See that `git log` works there; `git fsck` finds damage.",
        )


class Blobs:
    """The contents that `git cat-file --batch` prints."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        assert process.stdout is not None
        self._out = process.stdout

    def next(self) -> bytes:
        """The next content; raises Refused for what is missing, no blob, or too long."""
        watch = Timer(TIMEOUT_SECONDS, self._process.kill)
        watch.daemon = True
        watch.start()
        try:
            return self._read()
        finally:
            watch.cancel()

    def _read(self) -> bytes:
        head = self._out.readline(1 << 12)
        if not head:
            raise too_slow("cat-file")
        words = head.split()
        if len(words) != 3:  # noqa: PLR2004  hash, kind and size; else why there is none
            raise Refused(
                "The repository lacks the content of the file.",
                way_out="Fetch it whole, as a clone without --filter; `git fsck` finds damage.",
            )
        size = int(words[2])
        if size > MOST_BYTES:
            self._skip(size + 1)
            raise Refused(
                f"The file has {size:,} bytes; at most {MOST_BYTES:,} are read of one version.",
                way_out="Leave these commits out, or split the file first.",
            )
        data = self._out.read(size + 1)
        if len(data) <= size:
            raise too_slow("cat-file")
        return data[:size]

    def _skip(self, size: int) -> None:
        while size and (block := self._out.read(min(size, 1 << 20))):
            size -= len(block)


def no_git() -> Refused:
    """The refusal where there is no git program."""
    return Refused("There is no git program here.", way_out="Install git, and see `git --version`.")


def too_slow(verb: str) -> Refused:
    """The refusal of a run that did not end."""
    return Refused(
        f"git {verb} did not give what it should in {TIMEOUT_SECONDS:,.0f} seconds.",
        way_out="See that `git log` works there; `git fsck` finds damage.",
    )
