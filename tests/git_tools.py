"""Real git repositories, made in one go by `git fast-import`, and what git says lies in them."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FIRST_TIME = 1_700_000_000  # seconds; each commit is an hour after the one before
Content = bytes | None  # of a path; None takes it away


def git(folder: Path, *words: str, stdin: bytes = b"") -> bytes:
    """Run git in a repository, without the configuration of whoever runs the tests."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", "-C", str(folder), *words], input=stdin, capture_output=True, check=True, env=env
    )
    return done.stdout


@dataclass
class Building:
    """A repository to be: commits are told one after another, and written all at once."""

    stream: list[bytes] = field(default_factory=list)
    marks: int = 0

    def commit(  # noqa: PLR0913  as a commit has them
        self,
        changes: Mapping[str, Content],
        *,
        parent: int | None = None,
        merged: Sequence[int] = (),
        message: bytes = b"a change",
        author: str = "Ana Ek <ana@example.org>",
        branch: str = "main",
        mode: str = "100644",
    ) -> int:
        """A commit on a parent, the number of an earlier one; gives its number, from 1."""
        self.marks += 1
        time = FIRST_TIME + 3600 * self.marks
        lines = [
            f"commit refs/heads/{branch}\nmark :{self.marks}\n".encode(),
            f"author {author} {time - 60} +0100\n".encode(),
            f"committer Bo <bo@example.org> {time} -0330\n".encode(),
            b"data %d\n%s\n" % (len(message), message),
        ]
        lines += [f"from :{parent}\n".encode()] if parent else []
        lines += [f"merge :{each}\n".encode() for each in merged]
        for path, content in changes.items():
            if content is None:
                lines.append(f"D {path}\n".encode())
            else:
                lines.append(f"M {mode} inline {path}\n".encode())
                lines.append(b"data %d\n%s\n" % (len(content), content))
        self.stream += lines
        return self.marks

    def write(self, folder: Path) -> Path:
        """Make the repository; branches that are there already go on."""
        if not folder.exists():
            folder.mkdir()
            git(folder, "init", "-q", "-b", "main")
        marks = f"--export-marks={folder.resolve() / '.git' / 'marks'}"
        words = ("fast-import", "--quiet", "--force", marks)
        git(folder, *words, stdin=b"".join(self.stream))
        return folder

    def hashes(self, folder: Path) -> dict[int, str]:
        """The hash of each commit, by its number."""
        lines = (folder / ".git" / "marks").read_text("ascii").splitlines()
        pairs = (line.split() for line in lines)
        return {int(mark.lstrip(":")): sha for mark, sha in pairs}


def line_of(folder: Path, branch: str = "main") -> list[str]:
    """The hashes of the first-parent line, oldest first."""
    return git(folder, "rev-list", "--first-parent", "--reverse", branch).decode().split()


def contents(folder: Path, names: Sequence[str]) -> list[Content]:
    """What lies at `commit:path`, each; None where nothing does."""
    asked = "".join(f"{name}\n" for name in names).encode()
    out = git(folder, "cat-file", "--batch", stdin=asked)
    found: list[Content] = []
    for _ in names:
        head, _, out = out.partition(b"\n")
        if head.endswith(b" missing"):
            found.append(None)
            continue
        size = int(head.split()[2])
        found.append(out[:size])
        out = out[size + 1 :]
    return found
