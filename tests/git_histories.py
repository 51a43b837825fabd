"""A random but repeatable history of a table, with all that happens to data files in git."""

import csv
import io
import random
from pathlib import Path
from typing import Literal

from git_tools import Building

WHO = ["Ana Ek", "Łukasz Żółw", "李雷", 'O\'Neil, "Bo"', "Ministério da Saúde"]
CLAIMS = [
    "There are many of them.", "It rose; then, it fell.", "“Nobody” was there\nat all.",
    "Ünïcödé — ok", 'He said "no", twice.', "tab\there", "bell\x07 and \x9d",
]  # fmt: skip
NUMBERS = ["10", "1,000", "> 250", "about 70", "", "12..20", "3500", "0"]
DATES = ["2024-02-03", "2024-02", "2023", ""]
AUTHORS = ["Ana Ek <ana@example.org>", "Žofie Černá <zofie@example.cz>", "李雷 <lilei@example.cn>",
           "nobody <>", " <only@mail.org>"]  # fmt: skip
MESSAGES = [
    b"", b"Fix typo", "Übernahme der Zahlen\n\nmit Begründung: „geprüft“".encode(),
    b"latin \xe9 bytes", b"many\n\nlines\n\nof text\n", b"\x01odd\x1b[31m",
]  # fmt: skip

Table = list[dict[str, str]]


class History:
    """Makes commits one after another; the path and table of each stage are those of its end."""

    def __init__(self, seed: int, rows: int = 50) -> None:
        self.chance = random.Random(seed)
        self.building = Building()
        self.columns = ["id", "who", "claim", "number", "date"]
        self.table: Table = []
        self.serial = 0
        self.path = "data.csv"
        self.is_there = True
        self.layout = 0
        self.earlier: list[tuple[list[str], Table]] = []
        self.tip: int | None = None
        self.renamed: dict[int, str] = {}  # the path from a commit on
        for _ in range(rows):
            self.add_row()
        self.commit()
        for name in ("note", "venue"):
            self.add(name)
            self.commit()

    # ── what happens ─────────────────────────────────────────────────────────────────────────

    def go_on(self, commits: int) -> None:
        """Some further commits on the line, of all kinds."""
        kinds = {
            self.edit: 30, self.add_row: 10, self.remove: 8, self.revert: 6, self.shuffle: 5,
            self.lay_out: 4, self.add_column: 4, self.remove_column: 3, self.move_column: 2,
            self.rename: 4, self.delete: 3, self.merge: 8, self.elsewhere: 6, self.empty: 1,
        }  # fmt: skip
        for _ in range(commits):
            if not self.is_there:
                self.restore()
                continue
            (kind,) = self.chance.choices(list(kinds), list(kinds.values()))
            done = kind()
            if not done:
                self.commit()

    def edit(self) -> None:
        """Some cells change."""
        for row in self.chance.sample(self.table, min(len(self.table), self.chance.randint(1, 4))):
            name = self.chance.choice([name for name in self.columns if name != "id"])
            row[name] = self.cell(name)

    def add_row(self) -> None:
        """A row comes in, somewhere."""
        self.serial += 1
        row = {name: self.cell(name) for name in self.columns}
        row["id"] = self.chance.choice(["{}", "Row {}", "é/{}", "x{}"]).format(self.serial)
        self.table.insert(self.chance.randint(0, len(self.table)), row)

    def remove(self) -> None:
        """Some rows go."""
        for _ in range(min(len(self.table), self.chance.randint(1, 5))):
            self.table.pop(self.chance.randrange(len(self.table)))

    def revert(self) -> None:
        """The table is again as it was."""
        columns, table = self.chance.choice(self.earlier)
        self.columns, self.table = list(columns), [dict(row) for row in table]

    def shuffle(self) -> None:
        """Rows stand in another order."""
        self.chance.shuffle(self.table)

    def lay_out(self) -> None:
        """The same cells are written in another way."""
        self.layout += 1

    def add_column(self) -> None:
        """A column appears."""
        self.add(self.chance.choice(["note", "venue", "x y", "Größe"]))

    def add(self, name: str) -> None:
        """A column appears, unless it is there."""
        if name not in self.columns:
            self.columns.insert(self.chance.randint(1, len(self.columns)), name)
            for row in self.table:
                row[name] = self.cell(name)

    def remove_column(self) -> None:
        """A column goes, such as that of the numbers."""
        left = [name for name in self.columns if name not in ("id", "who", "claim")]
        if left:
            name = self.chance.choice(left)
            self.columns.remove(name)
            for row in self.table:
                row.pop(name, None)

    def move_column(self) -> None:
        """Columns stand in another order."""
        self.chance.shuffle(self.columns)

    def rename(self) -> bool:
        """The file gets another name, or another folder."""
        old = self.path
        self.path = f"{self.chance.choice(['', 'a/', 'Ordner ü/'])}data{self.building.marks}.csv"
        if len(self.table) > 10 and self.chance.random() < 0.5:
            self.edit()
        self.commit({old: None})
        return True

    def delete(self) -> bool:
        """The file goes."""
        self.is_there = False
        self.tip = self.building.commit(
            {self.path: None}, parent=self.tip, message=self.message(), author=self.author()
        )
        return True

    def restore(self) -> None:
        """It comes back, as it was or not."""
        self.is_there = True
        if self.chance.random() < 0.5:
            self.edit()
        self.commit()

    def merge(self) -> bool:
        """A branch of one or two commits comes in; its first ones are not on the line."""
        base, side = self.tip, self.tip
        for _ in range(self.chance.randint(1, 2)):
            self.edit()
            side = self.building.commit(
                {self.path: self.written()}, parent=side, branch="side", message=b"on a branch"
            )
        assert side is not None
        if self.chance.random() < 0.5:
            base = self.building.commit({"other": self.message()}, parent=base)
        self.tip = base
        self.commit(merged=[side])
        return True

    def elsewhere(self) -> bool:
        """Another file changes."""
        content = str(self.building.marks).encode()
        self.tip = self.building.commit({"other": content}, parent=self.tip)
        return True

    def empty(self) -> None:
        """All rows go, and the header stays."""
        self.table = []

    # ── how ──────────────────────────────────────────────────────────────────────────────────

    def cell(self, name: str) -> str:
        """Something that stands in a column."""
        words = {"who": WHO, "claim": CLAIMS, "number": NUMBERS, "date": DATES}
        return self.chance.choice(words.get(name, ["", " spaces ", "a,b", "ß"]))

    def message(self) -> bytes:
        """Why somebody did it, or nothing."""
        return self.chance.choice(MESSAGES)

    def author(self) -> str:
        """Who did it."""
        return self.chance.choice(AUTHORS)

    def commit(self, more: dict[str, bytes | None] | None = None, **how: list[int]) -> None:
        """Commit the table."""
        self.earlier.append((list(self.columns), [dict(row) for row in self.table]))
        self.tip = self.building.commit(
            {**(more or {}), self.path: self.written()}, parent=self.tip, message=self.message(),
            author=self.author(), merged=how.get("merged", ()),
        )  # fmt: skip
        self.renamed[self.tip] = self.path

    def written(self) -> bytes:
        """The table as a file, in one of several ways."""
        out = io.StringIO()
        end = ("\n", "\r\n")[self.layout % 2]
        quoting: Literal[0, 1] = 1 if self.layout // 2 % 2 else 0  # all, or what needs it
        writer = csv.writer(out, lineterminator=end, quoting=quoting)
        writer.writerow(self.columns)
        writer.writerows([row.get(name, "") for name in self.columns] for row in self.table)
        mark = b"\xef\xbb\xbf" if self.layout % 3 == 2 else b""
        return mark + out.getvalue().encode()

    def write(self, folder: Path) -> Path:
        """Make the repository."""
        return self.building.write(folder)

    def paths(self, repository: Path) -> dict[str, str]:
        """The paths of the file, each from a commit on."""
        shas = self.building.hashes(repository)
        return {shas[mark]: path for mark, path in self.renamed.items()}
