"""A site at work while its ledger is written to, rebuilt, damaged, and mended; and how it ends."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from threading import Event

import pytest
from cli_tools import FIVE, call, is_refusal, speakers
from filelock import FileLock
from log_tools import drafts
from ready_ledgers import copy_of, demo_once
from redaction_tools import OF_STATEMENT, QUOTE, tell
from site_watch import Watched, watched

from events.record import Draft
from events.vocabulary import RecordRedacted
from ledger import segments
from ledger.api import Ledger
from ledger.erase import carry_out, write_marker
from ledger.writer import Writer
from projections.build import rebuild

APPENDER = Path(__file__).with_name("site_appender.py")
CLIENTS = 8
BUSY_PATHS = ("/", "/statements", "/log", "/speakers", "/sources", "/denials", "/conflicts")


@pytest.fixture
def folder(tmp_path: Path, key_home: Path) -> Path:
    """A small ledger with its key."""
    return copy_of(FIVE, tmp_path / "ledger", key_home)


@pytest.fixture
def site(folder: Path) -> Iterator[Watched]:
    """A server on it."""
    with watched(folder) as made:
        assert made.get("/log").status == 200
        yield made
        assert "Traceback" not in made.said


def append(folder: Path, name: str) -> None:
    """Record somebody, as another process would."""
    with Ledger.open(folder, actor="ana") as ledger:
        ledger.submit(speakers(1, prefix=name))


@contextmanager
def asking(site: Watched, paths: tuple[str, ...], clients: int = CLIENTS) -> Iterator[list[int]]:
    """Clients that ask without a pause; the statuses that they got."""
    ended, statuses = Event(), list[int]()

    def ask(first: int) -> None:
        at = first
        while not ended.is_set():
            statuses.append(site.get(paths[at % len(paths)]).status)
            at += 1

    with ThreadPoolExecutor(clients) as pool:
        asked = [pool.submit(ask, first) for first in range(clients)]
        try:
            yield statuses
        finally:
            ended.set()
        for each in asked:
            each.result()


# ── the ledger goes on ───────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_whatever_is_done_to_a_ledger_its_pages_go_on(
    folder: Path, site: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Appended to, rebuilt, sealed, its key changed, its view file gone: each page tells it."""
    monkeypatch.setattr(segments, "SEGMENT_BYTES", 1)
    steps: tuple[Callable[[], object], ...] = (
        lambda: append(folder, "appended"),
        lambda: call("rebuild", ledger=folder),
        lambda: call("key", "rotate", "--reason", "Time to", ledger=folder),
        lambda: call("seal", ledger=folder),
        lambda: shutil.rmtree(folder / "views"),
        lambda: append(folder, "later"),
    )
    for step, do in enumerate(steps):
        do()
        found = site.get("/log?format=json").json()
        with Ledger.open(folder) as ledger:
            assert (found["size"], found["signed_size"]) == (ledger.size, ledger.log.signed_size)
            assert found["key"] == ledger.log.verifier_key
        for path in ("/statements/number-2017", "/log/0/proof", "/?as_of=2"):
            assert site.get(path).status == 200, (step, path)
    assert list((folder / "log").glob("*.zst"))
    assert "later 0" in site.get("/search?q=later").text


def test_what_a_head_signs_later_is_shown_as_signed(folder: Path, site: Watched) -> None:
    """An event is seen before the head covers it, and once it is signed the page says so."""
    with Writer.open(folder, actor="ana") as writer:
        path = f"/log/{writer.size}?format=json"
        writer.append(drafts(1))
        assert site.get(path).json()["proof"]["signed"] is False
        writer.sign()
        assert site.get(path).json()["proof"]["signed"] is True


def test_what_is_erased_is_not_kept_from_the_moment_of_the_order(tmp_path: Path) -> None:
    """A page that was asked for between the order and its execution is not shown afterwards."""
    with tell(tmp_path) as ledger, watched(ledger.log.folder) as site:
        data = RecordRedacted(positions=OF_STATEMENT, authority="court", reason="order")
        draft = Draft(data=data, subject=f"ledger/{ledger.log.origin}", actor="ana")
        with Writer.open(ledger.log.folder, actor="ana") as writer:
            write_marker(ledger.log.folder, writer.size, [data])
            appended = writer.append([draft])
            writer.sign()
            assert QUOTE in site.get("/log/7").text
            assert QUOTE not in site.get("/statements/quill-said").text
            carry_out(writer, {appended.first: data})
            assert QUOTE not in site.get("/log/7").text
        assert "Traceback" not in site.said


@pytest.mark.slow
def test_a_backup_that_is_put_in_place_is_shown(folder: Path, site: Watched) -> None:
    """The pages are those of what lies there, be it older, or another history."""
    backup = folder.with_name("backup")
    shutil.copytree(folder, backup)
    append(folder, "gone")
    assert "gone 0" in site.get("/search?q=gone").text
    replace_folder(folder, backup)
    assert "gone 0" not in site.get("/search?q=gone").text
    with Ledger.open(folder, actor="ana") as ledger:
        size = ledger.size
        ledger.submit(speakers(2, prefix="other"), accept_restored="a backup")
    page = site.get("/search?q=other&format=json")
    assert page.json()["size"] > size
    assert "other 1" in page.text
    assert "gone 0" not in site.get("/log").text + site.get("/search?q=gone").text


def replace_folder(folder: Path, backup: Path) -> None:
    """Put a copy in a ledger's place."""
    shutil.rmtree(folder)
    shutil.copytree(backup, folder)


# ── damage ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_damage_is_told_and_forgotten_when_it_is_mended(folder: Path, site: Watched) -> None:
    """A log that is shorter than was signed, no log, no folder: an error, and no crash."""
    log = next((folder / "log").glob("*.jsonl"))
    for number, (broken, kept) in enumerate((
        (log, b"half"), (log, b""), (log, None), (folder, None), (folder / "checkpoint", None),
        (folder / "checkpoint", b"half"), (folder / "checkpoint", b"no note"),
    )):  # fmt: skip
        with broken_by(broken, kept):
            for path in ("/", "/log/2", "/checkpoint", "/checks?format=json"):
                answer = site.get(path)
                assert answer.status in (500, 503), (path, answer.text)
                assert "bug of ours" not in answer.text
                assert str(folder) not in answer.text
        assert site.get("/log/2").status == 200
        append(folder, f"after-{number}")
        assert f"speaker/after-{number}-0" in site.get("/log").text


@contextmanager
def broken_by(path: Path, kept: bytes | None) -> Iterator[None]:
    """A file or folder that is gone, or a file that holds half of it or something else."""
    aside = path.parent.with_name("aside")
    shutil.move(path, aside)
    if kept is not None:
        whole = aside.read_bytes()
        path.write_bytes(whole[: len(whole) // 2] if kept == b"half" else kept)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        shutil.move(aside, path)


def test_a_byte_that_flips_is_told_where_it_stands(folder: Path, site: Watched) -> None:
    """The page of the event shows no line that was not signed; other pages stand."""
    log = next((folder / "log").glob("*.jsonl"))
    whole = log.read_bytes()
    assert whole.count(b"Zamir Kabulov") == 1
    for altered in (b"Zamir Xabulov", b"Zamir\x00Kabulov", b'Zamir "Kabulo'):
        log.write_bytes(whole.replace(b"Zamir Kabulov", altered))
        for path in ("/log/1", "/log/1/proof"):
            answer = site.get(path)
            assert answer.status == 500
            assert "bug of ours" not in answer.text
            assert "Xabulov" not in answer.text
        assert site.get("/log/0").status == 200, "what was not touched is proven still"
        assert site.get("/speakers").status == 200
    log.write_bytes(whole)
    assert site.get("/log/1").status == 200


@pytest.mark.slow
def test_a_view_file_that_is_written_over_is_opened_anew(folder: Path, site: Watched) -> None:
    """A moment's error at most, since the views can be had from the log again."""
    path = next((folder / "views").glob("*.duckdb"))
    with path.open("r+b") as file:
        file.truncate(0)
    for number in range(3):
        answer = site.get(f"/statements?limit={number + 2}")
        assert answer.status in (200, 503), answer.text
    append(folder, "later")
    for path_ in ("/statements", "/log", "/speakers", "/statements/number-2017"):
        site.get(path_)
        assert site.get(path_).status == 200


# ── many at once ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_slow_clients_and_many_make_nobody_wait(site: Watched) -> None:
    """Twenty that send half a request, and two hundred that ask at once: each is answered."""
    with ExitStack() as stack:
        for _ in range(20):
            slow = stack.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            slow.sendall(b"GET /log/1 HT")
        begun = time.perf_counter()
        assert site.get("/log/1").status == 200
        assert time.perf_counter() - begun < 5
        with ThreadPoolExecutor(100) as pool:
            paths = [f"/log/{number % 5}?limit={number}" for number in range(200)]
            assert {each.status for each in pool.map(site.get, paths)} == {200}


@pytest.mark.slow
def test_moments_that_are_pushed_out_are_still_answered(folder: Path, site: Watched) -> None:
    """More moments than are kept, asked for at once, while the ledger grows and is checked."""
    paths = (*(f"/statements?as_of={size}" for size in range(1, 10)), "/checks", "/verify")
    with asking(site, paths, 6) as statuses:
        for number in range(6):
            append(folder, f"more-{number}")
            time.sleep(0.2)
    assert set(statuses) <= {200, 202}
    assert len(statuses) >= 6


@pytest.mark.slow
def test_the_site_never_holds_the_lock(folder: Path, site: Watched) -> None:
    """Whoever wants to write finds the lock free at any moment, however many read."""
    append(folder, "before")
    with asking(site, ("/", "/checks", "/log", "/?as_of=3")) as statuses:
        ended = time.monotonic() + 0.8
        while time.monotonic() < ended:
            with FileLock(folder / "lock", timeout=0):
                pass
            time.sleep(0.002)
    assert set(statuses) <= {200, 202}


# ── how it begins and ends ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "how", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_it_ends_when_it_is_told_to(folder: Path, how: signal.Signals) -> None:
    """At once and with exit code 0, though it was asked and its checks are at work."""
    with watched(folder) as site:
        site.get("/checks")
        begun = time.monotonic()
        assert site.end(how) == 0
        assert time.monotonic() - begun < 2
    assert site.said == ""


@pytest.mark.slow
def test_a_long_query_does_not_keep_it_from_ending(folder: Path) -> None:
    """What is being worked on has two seconds."""
    query = "select+count(*)+from+range(100000000000)"
    request = f"GET /sql?q={query} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with watched(folder) as site, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(site.raw, request)
        time.sleep(1)
        begun = time.monotonic()
        assert site.end(signal.SIGTERM) == 0
        assert time.monotonic() - begun < 5
        asked.result()
    assert "Traceback" not in site.said


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    """In three lines, and so is an address that is none."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        assert is_refusal(call("serve", "--port", port, ledger=folder), 2)
    for host in ("no.such.host.example", "ü..x", "", "203.0.113.1"):
        assert is_refusal(call("serve", "--host", host, "--port", "0", ledger=folder), 2)


# ── long ─────────────────────────────────────────────────────────────────────────────────────


def appended(folder: Path, count: int, prefix: str) -> list[float]:
    """The seconds that each of some appends of another process took."""
    command = [sys.executable, str(APPENDER), str(folder), str(count), prefix]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    taken: list[float] = json.loads(done.stdout)
    return taken


@pytest.mark.slow
def test_appends_are_as_quick_while_many_read(folder: Path, site: Watched) -> None:
    """Readers cost processor time, and nothing else: no append waits for one of them."""
    alone = appended(folder, 100, "alone")
    with asking(site, BUSY_PATHS) as statuses:
        beside = appended(folder, 100, "beside")
    told = [f"{median(each):.4f} {max(each):.4f}" for each in (alone, beside)]
    sys.stdout.write(f"seconds, median and worst: alone {told[0]}, beside readers {told[1]}\n")
    assert set(statuses) == {200}
    assert median(beside) < median(alone) * 10 + 0.05
    assert max(beside) < 2


@pytest.mark.slow
def test_memory_is_bounded_however_often_the_ledger_changes(tmp_path: Path, key_home: Path) -> None:
    """Two thousand requests with an append between every twenty; moments are let go of."""
    folder = copy_of(FIVE, tmp_path / "ledger", key_home)
    paths = (*BUSY_PATHS, "/log/2", "/statements/number-2017", "/?as_of=3", "/search?q=zamir")
    with watched(folder) as site, Ledger.open(folder, actor="ana") as ledger:
        memory = []
        for number in range(2_000):
            if number % 20 == 0:
                ledger.submit(speakers(1, first=number))
                memory.append(site.memory() >> 20)
            assert site.get(paths[number % len(paths)]).status == 200
        sys.stdout.write(f"MiB: {memory[::5]}\n")
        assert memory[-1] - memory[len(memory) // 4] < 64
        assert "Traceback" not in site.said


@pytest.mark.slow
def test_nonsense_does_not_fill_memory(site: Watched) -> None:
    """Addresses that nobody made, each another one, with and without an answer that is kept."""
    for number in range(300):
        site.get(f"/log?format=json&x={number}{'y' * 50_000}")
    before = site.memory()
    for number in range(1_500):
        site.get(f"/log?format=json&x={number}{'z' * 50_000}")
        site.get(f"/statements/{number}{'z' * 50_000}")
    assert site.memory() - before < 160 << 20


@pytest.mark.slow
def test_rebuilding_again_and_again_disturbs_nobody(tmp_path: Path) -> None:
    """The view file is swapped under readers, and each is answered from one or the other."""
    folder = tmp_path / "ledger"
    shutil.copytree(demo_once(), folder)
    with watched(folder) as site, Ledger.open(folder) as ledger:
        with asking(site, (*BUSY_PATHS, "/?as_of=100", "/checks")) as statuses:
            for _ in range(8):
                rebuild(ledger.log)
        assert set(statuses) <= {200, 202}
        assert "Traceback" not in site.said
