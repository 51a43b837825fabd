"""The documents say what the code does: reference, log format with its example, links, commands."""

import base64
import hashlib
import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import duckdb
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from events.codec import MAX_LINE_BYTES, decode_data, encode_data
from events.values import ImpreciseDate, Quantity, Rating
from events.vocabulary import EVENTS
from ledger.commands import COMMANDS
from ledger.dates import parse_date
from ledger.errors import ClaimsError
from ledger.given import command_key
from ledger.lines import check_line
from ledger.quantities import parse_value
from ledger.verify import verify_ledger
from projections import catalog

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT / "docs"
REFERENCE = (DOCS / "reference.md").read_text("utf-8")
LOG_FORMAT = (DOCS / "log-format.md").read_text("utf-8")

# Typer 0.25 reads names that click 8.5 calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:'click:DeprecationWarning")

SHELLS = {"sh", "bash", "shell", "console", ""}
FENCE = re.compile(
    r"(?:<!-- (?P<mark>[^\n]*) -->\n)?"
    r"^(?P<ticks>```+)(?P<language>[^\n]*)\n(?P<text>.*?)^(?P=ticks)$",
    re.MULTILINE | re.DOTALL,
)


def documents() -> list[Path]:
    """Every Markdown file of the project."""
    return sorted(
        path
        for path in PROJECT.rglob("*.md")
        if not any(part.startswith(".") for part in path.relative_to(PROJECT).parts)
    )


def marked(mark: str) -> str:
    """The block of the log format under a mark such as `example: log`, without its last newline."""
    found = [each["text"] for each in FENCE.finditer(LOG_FORMAT) if each["mark"] == mark]
    assert len(found) == 1, f"the log format has {len(found)} blocks marked {mark}"
    return found[0].removesuffix("\n")


# ── what is generated ────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    """The script that makes the reference."""
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(DOCS)
        spec.loader.exec_module(module)
        yield module


def test_what_is_generated_is_what_the_code_makes(script: ModuleType) -> None:
    """A change of the code that the documents do not know fails: run docs/make_reference.py."""
    for path, text in script.files().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run docs/make_reference.py"


def test_making_the_reference_twice_gives_the_same(script: ModuleType) -> None:
    """The reference depends on the code alone."""
    assert script.reference() == script.reference()


def group() -> click.Group:
    """The command line as click has it."""
    import typer

    from ledger.cli.app import app

    made = typer.main.get_command(app)
    assert isinstance(made, click.Group)
    return made


def every_command(of: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its whole name, those of groups too."""
    for name, command in of.commands.items():
        yield f"{before}{name}", command
        if isinstance(command, click.Group):
            yield from every_command(command, f"{before}{name} ")


def error_classes(kind: type[ClaimsError] = ClaimsError) -> Iterator[type[ClaimsError]]:
    """Every error class."""
    yield kind
    for each in kind.__subclasses__():
        yield from error_classes(each)


def test_the_reference_has_every_command_with_its_options() -> None:
    """No command and no option is missing."""
    sections = re.split(r"^##+ ", REFERENCE, flags=re.MULTILINE)
    for name, command in every_command(group()):
        found = [each for each in sections if re.match(rf"`claims {name}(`| [^a-z])", each)]
        assert len(found) == 1, name
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(f"`{each}`" in found[0] for each in parameter.opts), (name, parameter)


def test_the_reference_has_every_event_view_verb_and_error() -> None:
    """Nothing that a user can meet is missing."""
    wanted = [f"[`{event.TYPE}`]" for event in EVENTS]
    wanted += [f"### `{view.name}`" for view in catalog.views()]
    wanted += [f"### `{verb}`" for verb in COMMANDS]
    wanted += [f"| `{kind.__name__}` |" for kind in error_classes()]
    assert [each for each in wanted if each not in REFERENCE] == []


def test_the_log_format_has_every_event_type() -> None:
    """The specification names every type."""
    assert [event.TYPE for event in EVENTS if f"`{event.TYPE}`\n" not in LOG_FORMAT] == []


# ── links and commands in all documents ──────────────────────────────────────────────────────


def anchors(path: Path) -> set[str]:
    """The anchors that the headings of a document get."""
    text = FENCE.sub("", path.read_text("utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading) for heading in headings)
    return {re.sub(r"[^\w\- ]", "", each.strip().lower()).replace(" ", "-") for each in plain}


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_links_lead_somewhere(path: Path) -> None:
    """Every relative link of a document, with its anchor, points to what is there."""
    text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", path.read_text("utf-8")))
    broken = []
    for link in re.findall(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)", text):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        file, _, place = link.partition("#")
        target = (path.parent / file) if file else path
        if not target.exists() or (
            place and target.suffix == ".md" and place not in anchors(target)
        ):
            broken.append(link)
    assert broken == []


def command_lines(text: str) -> Iterator[str]:
    """The calls of `claims` in the shell blocks of a document, one a line."""
    for block in FENCE.finditer(text):
        language = block["language"].split(" ")[0]
        if language in SHELLS:
            lines = block["text"].replace("\\\n", " ").splitlines()
            for line in lines:
                call = line.removeprefix("$ ")
                if re.match(r"claims\s", call) if language else line.startswith("$ claims "):
                    yield call
                elif language and (piped := re.search(r"\| (claims .*)", call)):
                    yield piped[1]


def words_of(call: str) -> list[str]:
    """The words of a call up to a comment, a pipe or a redirection."""
    reader = shlex.shlex(call, posix=True, punctuation_chars="|>;&")
    reader.commenters = "#"
    reader.wordchars += "…*?[]{}:$%@!^+"
    words = []
    for word in reader:
        if set(word) <= set("|>;&"):
            break
        words.append(word)
    return words


def check_options(words: list[str], command: click.Command) -> list[str]:
    """Take the options of a command from the words; gives the other words."""
    options = {
        name: each
        for each in command.params
        if isinstance(each, click.Option)
        for name in (*each.opts, *each.secondary_opts)
    }
    others, waiting = [], False
    for number, word in enumerate(words):
        if waiting:
            waiting = False
        elif word.startswith("-") and word != "-":
            name, given, _ = word.partition("=")
            if name in ("-h", "--help"):
                continue
            assert name in options, f"{command.name} has no option {name}"
            waiting = not options[name].is_flag and not given
        elif isinstance(command, click.Group):
            return words[number:]
        else:
            others.append(word)
    return others


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_commands_in_documents_exist(path: Path) -> None:
    """Every fenced call of `claims` names a command and options that there are."""
    for call in command_lines(path.read_text("utf-8")):
        command: click.Command = group()
        rest = words_of(call)[1:]
        while isinstance(command, click.Group) and (rest := check_options(rest, command)):
            assert rest[0] in command.commands, f"there is no command {rest[0]}: {call}"
            command, rest = command.commands[rest[0]], rest[1:]
        check_options(rest, command)


def test_a_wrong_command_in_a_document_is_found() -> None:
    """The test above sees calls behind prompts, pipes and line breaks, and options that are not."""
    first = "claims --ledger x log --from 0 \\\n  --limit 3 | jq ."
    text = f"```sh\n{first}\nx | claims append --batch 5 -\n```\n"
    calls = [words_of(call) for call in command_lines(text)]
    assert calls[0] == ["claims", "--ledger", "x", "log", "--from", "0", "--limit", "3"]
    assert calls[1] == ["claims", "append", "--batch", "5", "-"]
    assert check_options(calls[0][1:], group())[0] == "log"
    with pytest.raises(AssertionError, match="no option --form"):
        check_options(["--form", "0"], group().commands["log"])


# ── the worked example of the log format ─────────────────────────────────────────────────────


def example_lines() -> list[bytes]:
    """The lines of the example."""
    return marked("example: log").encode().split(b"\n")


def digest(*parts: bytes) -> bytes:
    """SHA-256 over parts."""
    return hashlib.sha256(b"".join(parts)).digest()


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example as a ledger on disk, made from the document alone."""
    folder = tmp_path / "example"
    for name in ("log", "tree", "documents"):
        (folder / name).mkdir(parents=True)
    first = folder / "log" / "00000000000000000000.jsonl"
    first.write_bytes(b"".join(line + b"\n" for line in example_lines()))
    (folder / "tree" / "0").write_bytes(bytes.fromhex(marked("example: leaf hashes")))
    (folder / "checkpoint").write_text(marked("example: checkpoint") + "\n", "utf-8")
    (folder / "ledger.toml").write_text(marked("example: settings") + "\n", "utf-8")
    return folder


def test_the_hashes_of_the_example() -> None:
    """Leaf hashes, node and root follow from the printed lines, with hashlib alone."""
    leaves = [digest(b"\x00", line) for line in example_lines()]
    node = digest(b"\x01", leaves[0], leaves[1])
    root = digest(b"\x01", node, leaves[2])
    assert marked("example: leaf hashes").split("\n") == [leaf.hex() for leaf in leaves]
    assert marked("example: node and root").split("\n") == [node.hex(), root.hex()]
    origin, size, head = marked("example: checkpoint").split("\n")[:3]
    assert (origin, int(size)) == ("example.org/claims", len(leaves))
    assert base64.b64decode(head) == root


def test_the_signature_of_the_example() -> None:
    """The checkpoint is signed with the key of the first event, with cryptography alone."""
    text, _, below = marked("example: checkpoint").partition("\n\n")
    dash, name, encoded = below.split(" ")
    data = base64.b64decode(encoded, validate=True)
    verifier_key = json.loads(example_lines()[0])["data"]["verifier_key"]
    key_name, shown, key = verifier_key.split("+", 2)
    public = base64.b64decode(key, validate=True)
    assert (dash, name, public[0], len(public)) == ("—", key_name, 1, 33)
    assert data[:4].hex() == shown == digest(key_name.encode(), b"\n", public)[:4].hex()
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(data[4:], f"{text}\n".encode())
    seed = digest(re.findall(r"words `(the example key[^`]*)`", LOG_FORMAT)[0].encode())
    secret = Ed25519PrivateKey.from_private_bytes(seed)
    assert secret.public_key().public_bytes_raw() == public[1:]
    assert secret.sign(f"{text}\n".encode()) == data[4:]


def test_the_key_of_the_example() -> None:
    """The key follows from the printed command, with hashlib and json alone, and with our code."""
    command, canonical = marked("example: command"), marked("example: canonical command")
    assert canonical == json.dumps(
        json.loads(command), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    key = base64.urlsafe_b64encode(hashlib.blake2b(canonical.encode(), digest_size=16).digest())
    assert json.loads(example_lines()[2])["key"] == key.decode().rstrip("=")
    assert command_key(json.loads(command)) == key.decode().rstrip("=")
    assert f"`{command_key(json.loads(command))}`" in LOG_FORMAT


def test_our_code_takes_the_example_for_a_ledger(example: Path) -> None:
    """The example is in the form that the code writes and checks."""
    for line in example_lines():
        check_line(line, "example.org/claims")
    found = verify_ledger(example, strict=True)
    assert (found.findings, found.notes, found.size) == ((), (), 3)


def test_the_printed_verifier(example: Path, tmp_path: Path) -> None:
    """The listing verifies the example, and fails for one flipped bit."""
    listing = tmp_path / "verifier.py"
    listing.write_text(marked("example: verifier"), "utf-8")
    call = [sys.executable, "-W", "error", str(listing), str(example)]
    good = subprocess.run(call, capture_output=True, text=True, check=True)
    assert good.stdout == "3 events, signed by example.org/claims\n"
    log = next((example / "log").iterdir())
    log.write_bytes(log.read_bytes().replace(b"Example Herald", b"Example Heralf"))
    bad = subprocess.run(call, capture_output=True, text=True, check=False)
    assert "not the lines that were signed" in bad.stderr


def run(mark: str, folder: Path, *tools: str) -> str:
    """Run a marked block in a shell, where its tools are."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed")
    done = subprocess.run(
        ["sh", "-ec", marked(f"run: {mark}")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_jq_reads_the_log(example: Path) -> None:
    """`jq` lists position, type and subject of every line."""
    rows = [line.split("\t") for line in run("jq", example, "jq").splitlines()]
    assert [row[0] for row in rows] == [f"{position:020}" for position in range(3)]
    assert [row[2] for row in rows] == [json.loads(line)["subject"] for line in example_lines()]


def test_sha256sum_agrees_with_the_stored_tree(example: Path) -> None:
    """The hash of the first line is the first of tree/0."""
    computed, stored = run("leaf", example, "sha256sum", "od").split("\n")
    assert computed == stored == marked("example: leaf hashes").split("\n")[0]


def test_openssl_checks_the_signature(example: Path) -> None:
    """`openssl` verifies the checkpoint; one flipped bit of it fails."""
    if shutil.which("openssl") and "OpenSSL 3" not in openssl_version():
        pytest.skip("openssl is older than 3.0, or another one")
    assert "Success" in run("signature", example, "openssl", "base64")
    checkpoint = example / "checkpoint"
    checkpoint.write_text(checkpoint.read_text("utf-8").replace("\n3\n", "\n2\n"), "utf-8")
    script = ["sh", "-ec", marked("run: signature")]
    assert subprocess.run(script, cwd=example, capture_output=True, check=False).returncode != 0


def openssl_version() -> str:
    """What `openssl version` says."""
    return subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout


def test_b2sum_makes_the_key(example: Path) -> None:
    """The key of the example's command can be made in a shell."""
    key = run("key", example, "b2sum", "xxd", "base64").strip()
    assert key == json.loads(example_lines()[2])["key"]


def test_duckdb_reads_the_log(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SQL of the document runs in DuckDB with none of our views."""
    program, option, sql = shlex.split(marked("run: duckdb"))
    assert (program, option) == ("duckdb", "-c")
    monkeypatch.chdir(example)
    with duckdb.connect() as connection:
        rows = connection.execute(sql).fetchall()
    assert [row[1] for row in rows] == [json.loads(line)["type"] for line in example_lines()]
    assert [row[3] for row in rows] == [None, None, "herald-1"]


def test_the_duckdb_program_reads_the_log(example: Path) -> None:
    """The one-liner runs as it is printed."""
    assert "source/herald-1" in run("duckdb", example, "duckdb")


# ── the rules of data and values ─────────────────────────────────────────────────────────────


def test_the_data_example_is_in_its_one_form() -> None:
    """The printed data are as the code writes them, and their spans count code points."""
    data = marked("example: data")
    decoded = decode_data("claims.statement.recorded.v1", data.encode())
    assert encode_data(decoded).decode() == data
    text = re.findall(r"^`(🗞[^`]*)` and a newline", LOG_FORMAT, re.MULTILINE)[0] + "\n"
    raw = json.loads(data)
    quote, number = raw["reports"][0]["quote"], raw["estimates"][0]["value_text"]
    assert quote["exact"] == text[quote["start"] : quote["end"]]
    assert quote["prefix"] == text[: quote["start"]][-32:]
    assert quote["suffix"] == text[quote["end"] :][:32]
    assert number["exact"] == quote["exact"][number["start"] : number["end"]]


def test_text_is_escaped_as_the_log_format_says() -> None:
    """Section 4 has the rule of Python's own json, without the escaping of what is not ASCII."""
    text = "".join(map(chr, range(0x300))) + "\u2028\u2029\ufeff🗞"
    written = encode_data(Rating(label=text)).decode()
    assert written == json.dumps({"label": text}, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("exponent", range(-20, 16))
def test_numbers_are_written_as_the_log_format_says(exponent: int) -> None:
    """The fewest digits that read back, in plain decimals from 0.00001 on."""
    for digits in ("1", "25", "123456789012345"):
        number = float(f"{digits}e{exponent}")
        written = encode_data(Rating(value=number)).decode()[len('{"value":') : -1]
        assert float(written) == number
        if not number.is_integer() or number >= 1e16:
            plain = 1e-5 <= number < 1e16
            shortest = repr(number).partition("e")[0].replace(".", "").strip("0")
            assert written.partition("e")[0].replace(".", "").strip("0") == shortest
            assert ("e" not in written) == plain
            assert not re.search(r"e\+|e-?0", written)


def test_the_table_of_comparators() -> None:
    """Each row of the table in section 5.3 says what the code makes of such a number."""
    values = ("7", "~7", "> 7", ">= 7", "< 7", "<= 7", "7..8", "?")
    quantities = {quantity.comparator: quantity for quantity in map(parse_value, values)}
    rows = re.findall(r"^\| `(\w+)` \|(.*)\|$", section("5.3"), re.MULTILINE)
    assert [name for name, _ in rows] == list(quantities)
    for name, cells in rows:
        said = [cell.strip() for cell in cells.split("|")]
        assert [stands(cell) for cell in said] == stated(quantities[name]), name


def stated(quantity: Quantity) -> list[str]:
    """Which bounds stand, and which flags."""
    bounds = (quantity.low, quantity.best, quantity.high)
    flags = (quantity.low_inclusive, quantity.high_inclusive)
    return [
        *("" if bound is None else "number" for bound in bounds),
        *("" if flag is None else str(flag).lower() for flag in flags),
    ]


def stands(cell: str) -> str:
    """A cell of the table, whatever it calls a number."""
    return cell if cell in ("", "true", "false") else "number"


def section(number: str) -> str:
    """A numbered section of the log format."""
    found = re.search(rf"^### {re.escape(number)} .*?(?=^##)", LOG_FORMAT, re.DOTALL | re.MULTILINE)
    assert found
    return found[0]


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest"),
    [
        ("2018?-02", "2018-02-01", "2018-02-28"),
        ("2015/..", "2015-01-01", None),
        ("/2018", None, "2018-12-31"),
        ("XXXX-10", None, None),
        ("201X", "2010-01-01", "2019-12-31"),
        ("1950S2", "1900-01-01", "1999-12-31"),
        ("[2018-01,2018-05]", "2018-01-01", "2018-05-31"),
    ],
)
def test_the_dates_of_the_log_format(edtf: str, earliest: str | None, latest: str | None) -> None:
    """The dates that section 5.1 gives have the bounds that it gives."""
    assert f"`{edtf}`" in section("5.1")
    found: ImpreciseDate = parse_date(edtf)
    assert (found.earliest and found.earliest.isoformat()) == earliest
    assert (found.latest and found.latest.isoformat()) == latest


def test_seasons_are_those_of_the_log_format() -> None:
    """21 to 23 have three months each, 24 is December."""
    bounds = [
        (season.earliest.month, season.latest.month)
        for season in (parse_date(f"2018-{number}") for number in range(21, 25))
        if season.earliest and season.latest
    ]
    assert bounds == [(3, 5), (6, 8), (9, 11), (12, 12)]


def test_limits_are_those_of_the_log_format() -> None:
    """The table of limits names the limit of a line."""
    assert f"{MAX_LINE_BYTES:,} bytes" in section("1.3")
