"""Asking a witness on the network: against a real server process, honest, racing or hostile."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from cli_tools import CLAIMS, Outcome, call, is_refusal
from fork_tools import fork, grow
from log_tools import PROJECT, make_ledger, put_back, snapshot

from ledger.cosign import cosignatures, parse_witness_key
from ledger.errors import Refused, UsageFault
from ledger.kept import kept_path
from ledger.log import Log
from ledger.note import Note, SignerKey, VerifierKey
from ledger.proof_files import ConsistencyProof
from ledger.prove import prove_consistency
from ledger.witness_http import post


@dataclass(frozen=True)
class Server:
    """A witness process: where it listens, its key, and where it keeps what it saw."""

    port: int
    vkey: str
    state: Path

    @property
    def url(self) -> str:
        """Its submission prefix."""
        return f"http://127.0.0.1:{self.port}/prefix"

    @property
    def key(self) -> VerifierKey:
        """Its verifier key."""
        return parse_witness_key(self.vkey)

    def size(self) -> int:
        """The size that it cosigned last."""
        return int(self.state.read_text().split()[0]) if self.state.exists() else 0

    def show(self, log: Log, old: int) -> int:
        """Show it a head as another client would; gives the status of its answer."""
        path = prove_consistency(log, old, log.signed_size) if old else []
        proof = ConsistencyProof(old_size=old, path=tuple(path), checkpoint=log.extent.note)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("POST", "/prefix/add-checkpoint", proof.format())
        status = connection.getresponse().status
        connection.close()
        return status


Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start witnesses for a log; they end with the test."""
    with ExitStack() as running:

        def run(log: Log, misbehaviour: str = "", vkey: str = "") -> Server:
            script = "hostile_witness.py" if misbehaviour else "witness_server.py"
            state = tmp_path / f"seen{len(list(tmp_path.glob('seen*')))}"
            words = [str(state), vkey or log.verifier_key, *filter(None, [misbehaviour])]
            process = subprocess.Popen(
                [sys.executable, PROJECT / "tests" / script, *words],
                stdout=subprocess.PIPE,
                text=True,
            )
            running.callback(process.wait)
            running.callback(process.kill)
            assert process.stdout is not None
            running.callback(process.stdout.close)
            said = json.loads(process.stdout.readline())
            return Server(said["port"], said["vkey"], state)

        yield run


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """A ledger of five events."""
    return make_ledger(tmp_path / "ledger", 4)


def ask(log: Log, server: Server, *more: str) -> Outcome:
    """Ask a witness on the command line."""
    return call("witness", "request", server.url, "--witness", server.vkey, *more,
                ledger=log.folder)  # fmt: skip


def is_cosigned(log: Log, server: Server) -> bool:
    """Whether the head of a log is kept with a valid signature of the witness."""
    path = kept_path(log.folder, log.signed_size)
    return path.exists() and len(cosignatures(Note.parse(path.read_bytes()), [server.key])) == 1


# ── an honest witness ────────────────────────────────────────────────────────────────────────


def test_a_witness_cosigns_while_the_log_grows(log: Log, start: Start) -> None:
    """Given a server that checks by the specification, then every head is cosigned and kept."""
    server = start(log)
    for count in (0, 1, 3, 1, 7, 15):
        if count:
            grow(log, count)
        done = ask(log, server)
        assert (done.code, done.out) == (0, b""), done.err
        assert "witness.example/w1 cosigned" in done.err
        assert is_cosigned(log, server)
        assert server.size() == log.signed_size
    assert ask(log, server).code == 0  # the same head again


def test_a_witness_that_stands_elsewhere_is_asked_once_more(log: Log, start: Start) -> None:
    """Its size comes with the 409: when it is new to us, behind, or ahead of what we knew."""
    server = start(log)
    assert server.show(log, 0) == 200
    grow(log, 2)
    assert server.show(log, 5) == 200
    grow(log, 4)
    assert ask(log, server).code == 0  # nothing was known: 0, then 7
    grow(log, 1)
    server.state.unlink()
    assert ask(log, server).code == 0  # 11 was known: then 0
    assert server.size() == 12
    assert is_cosigned(log, server)


def test_a_witness_that_forgot_is_asked_from_there(log: Log, start: Start) -> None:
    """One that came back from a backup gets the same head again, with the longer proof."""
    server = start(log)
    ask(log, server)
    before = server.state.read_bytes()
    grow(log, 3)
    ask(log, server)
    server.state.write_bytes(before)
    assert ask(log, server).code == 0
    assert server.size() == 8


def test_two_requests_at_once_both_end_well(log: Log, start: Start) -> None:
    """A race for the first cosignature is settled by the 409."""
    server = start(log)
    words: list[str | Path] = [CLAIMS, "--ledger", log.folder, "witness", "request", server.url]
    running = [
        subprocess.Popen([*words, "--witness", server.vkey], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    told = [each.communicate()[1] for each in running]
    assert [each.returncode for each in running] == [0, 0, 0], told
    assert is_cosigned(log, server)
    assert len(Note.parse(kept_path(log.folder, 5).read_bytes()).signatures) == 2


def test_two_witnesses_sign_one_head(log: Log, start: Start) -> None:
    """What others signed before stays; the valid one of the witness is added."""
    server = start(log)
    ask(log, server)
    kept = Note.parse(kept_path(log.folder, 5).read_bytes())
    server.state.unlink()
    ask(log, server)
    again = Note.parse(kept_path(log.folder, 5).read_bytes())
    assert [one.name for one in again.signatures] == [one.name for one in kept.signatures]


# ── two histories, as a witness sees them ────────────────────────────────────────────────────


def test_a_fork_is_not_cosigned(tmp_path: Path, start: Start) -> None:
    """Shown both histories, the server signs one; the other's keeper is told what it means."""
    ours, theirs = fork(tmp_path, common=3, ours=2, theirs=2)
    server = start(ours)
    assert ask(ours, server).code == 0
    same_size = ask(theirs, server)
    assert is_refusal(same_size, 4, lines=2)
    assert "two histories" in same_size.err
    grow(theirs, 3)
    assert is_refusal(ask(theirs, server), lines=2)  # 422: its proof leads elsewhere
    assert server.size() == 5
    assert not (theirs.folder / "checkpoints").exists()


def test_a_witness_that_is_ahead_is_a_conflict(tmp_path: Path, start: Start) -> None:
    """A ledger that was cut back meets a witness who saw more of it."""
    ours, theirs = fork(tmp_path, common=3, ours=6, theirs=2)
    server = start(ours)
    ask(ours, server)
    told = ask(theirs, server)
    assert is_refusal(told, 4, lines=2)
    assert "9 events" in told.err


# ── refusals ─────────────────────────────────────────────────────────────────────────────────


def test_a_witness_that_does_not_know_the_log_refuses(
    log: Log, tmp_path: Path, start: Start
) -> None:
    """404 for another origin, 403 for another key: each is said."""
    other = make_ledger(tmp_path / "other", 1, origin="example.org/other")
    unknown = ask(other, start(log))
    assert is_refusal(unknown, lines=2)
    assert "(404)" in unknown.err
    assert "the log is unknown" in unknown.err
    stranger = SignerKey.generate(log.origin).verifier().format()
    untrusted = ask(log, start(log, vkey=stranger))
    assert is_refusal(untrusted, lines=2)
    assert "(403)" in untrusted.err


@pytest.mark.parametrize("status", ["204", "301", "400", "403", "404", "422", "429", "500", "503"])
def test_any_other_status_is_a_refusal(log: Log, start: Start, status: str) -> None:
    """It is named with its number, its meaning and what the server says."""
    told = ask(log, start(log, status))
    assert is_refusal(told, lines=2)
    assert f"({status})" in told.err
    assert not (log.folder / "checkpoints").exists()


@pytest.mark.parametrize(
    "how",
    ["wrong-signature", "another-text", "another-name", "garbage", "escapes", "empty", "redirect",
     "huge", "cut", "stuck", "no-type", "no-size"],
)  # fmt: skip
def test_a_hostile_answer_is_a_refusal(log: Log, start: Start, how: str) -> None:
    """Nothing of it is kept, nothing of it reaches the terminal raw, and it is told shortly."""
    before = snapshot(log.folder)
    told = ask(log, start(log, how))
    assert is_refusal(told, lines=2), told.err
    assert "\x1b" not in told.err
    assert "\x07" not in told.err
    assert snapshot(log.folder) == before


@pytest.mark.parametrize("how", ["ahead", "moving"])
def test_a_size_that_does_not_fit_is_a_conflict(log: Log, start: Start, how: str) -> None:
    """A witness that says it is ahead, or moves on again and again."""
    assert is_refusal(ask(log, start(log, how)), 4, lines=2)
    assert not (log.folder / "checkpoints").exists()


@pytest.mark.parametrize("how", ["slow", "trickle"])
def test_a_slow_answer_is_given_up(log: Log, start: Start, how: str) -> None:
    """The time is that of the whole answer, however it trickles."""
    server = start(log, how)
    began = time.monotonic()
    told = ask(log, server, "--timeout", "0.5")
    assert is_refusal(told, lines=2)
    assert "too long" in told.err
    assert time.monotonic() - began < 5


def test_signatures_of_strangers_are_not_kept(log: Log, start: Start) -> None:
    """Of an answer with several lines only that of the key that was given is kept."""
    server = start(log, "and-more")
    assert ask(log, server).code == 0
    kept = Note.parse(kept_path(log.folder, 5).read_bytes())
    assert [one.name for one in kept.signatures] == [log.origin, "witness.example/w1"]


def test_another_key_than_was_given_is_not_believed(log: Log, start: Start) -> None:
    """The key comes from the person, not from the server."""
    server = start(log)
    other = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
    told = call("witness", "request", server.url, "--witness", other, ledger=log.folder)
    assert is_refusal(told, lines=2)
    assert not (log.folder / "checkpoints").exists()


def test_nobody_listens(log: Log) -> None:
    """A server that is not there is told as one."""
    told = call("witness", "request", "http://127.0.0.1:1/", "--witness",
                "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
                ledger=log.folder)  # fmt: skip
    assert is_refusal(told, lines=2)
    assert "refused" in told.err


@pytest.mark.parametrize(
    "url",
    ["", "witness.example", "ftp://a.example", "file:///etc/passwd", "http://", "http://a:x/",
     "http://a:0/", "http://a:99999/", "http://a/?q", "http://a/#f", "http://u@a/", "http://a/ b",
     "http://ä.example/", "http://[::1", "http://a/\nb"],
)  # fmt: skip
def test_a_bad_address_is_refused(url: str) -> None:
    """Addresses that no witness can have are told before anything is sent."""
    with pytest.raises(UsageFault, match="not the address"):
        post(url, b"", 1)


@pytest.mark.parametrize("host", ["a..b", "-" * 80 + ".example", "x" * 64 + ".invalid"])
def test_a_name_that_cannot_be_looked_up_is_refused(host: str) -> None:
    """Names that no look-up takes are told like a server that is not there."""
    with pytest.raises(Refused, match="did not answer"):
        post(f"http://{host}/", b"", 5)


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(seconds: float) -> None:
    """A time-out is a number of seconds that passes."""
    with pytest.raises(UsageFault):
        post("http://127.0.0.1:1/", b"", seconds)


def test_a_ledger_that_was_cut_back_is_told_so(log: Log, start: Start) -> None:
    """A kept head beyond the log's end does not lead to a proof of what is not there."""
    server = start(log)
    earlier = snapshot(log.folder)
    grow(log, 3)
    assert ask(log, server).code == 0
    kept = snapshot(log.folder / "checkpoints")
    put_back({**earlier, **kept}, log.folder)
    told = ask(Log.open(log.folder), server)
    assert is_refusal(told, 4, lines=2)
    assert "8 events, and the signed head here has 5" in told.err
