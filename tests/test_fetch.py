"""`claims capture URL` against a real server: what is fetched, and all that is not."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cli_tools import CLAIMS, Outcome, call, events, is_refusal
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ready_ledgers import copy_of

from ledger.api import Ledger
from ledger.errors import Refused
from ledger.fetch import Limits, fetch
from ledger.fetch_addresses import addresses_of, is_public

SERVER = Path(__file__).with_name("web_server.py")


@contextmanager
def serving(*certificate: Path) -> Iterator[int]:
    """A server as a process of its own; gives its port."""
    words = [sys.executable, str(SERVER), *map(str, certificate)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    """The address of a server."""
    with serving() as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger into which nothing is recorded."""
    folder = tmp_path_factory.mktemp("untouched")
    return copy_of((), folder / "ledger", folder / "config")


def source_of(ledger: Ledger) -> dict[str, Any]:
    """The data of the last event."""
    data: dict[str, Any] = events(ledger.log.folder)[-1]["data"]
    return data


def text_of(ledger: Ledger) -> str:
    """The text of the last source."""
    sha256: str = source_of(ledger)["text_sha256"]
    return (ledger.log.folder / "documents" / sha256[:2] / sha256).read_text()


def capture(ledger: Ledger, *words: str) -> Outcome:
    """Run `claims capture`, private addresses allowed."""
    return call("capture", *words, "--allow-private", ledger=ledger.log.folder)


# ── what is fetched ──────────────────────────────────────────────────────────────────────────


def test_a_page_is_fetched_with_what_it_says_of_itself(ledger: Ledger, web: str) -> None:
    """The address asked for, the time, the type; title and date from the page, shown."""
    done = capture(ledger, f"{web}/page", "--title", "My own title")

    assert done.code == 0, done.err
    data = source_of(ledger)
    assert data["source_id"] == "127-0-0-1-page"
    assert (data["url"], data["media_type"]) == (f"{web}/page", "text/html")
    assert (data["title"], data["author"], data["language"]) == ("My own title", "Jane Doe", "en")
    assert data["published"]["edtf"] == "2018-02-03"
    assert datetime.fromisoformat(data["retrieved_at"]) > datetime.now(UTC) - timedelta(minutes=1)
    assert "found in the page: author: Jane Doe" in done.error
    assert not any("title:" in line for line in done.error)
    assert "not recorded: publisher: Example Herald" in done.err
    assert "exceeds 10,000 and continues to grow." in text_of(ledger)


def test_the_same_page_is_kept_once(ledger: Ledger, web: str) -> None:
    """Fetched again, the same bytes are the same command, whatever the clock says."""
    assert capture(ledger, f"{web}/page").code == 0
    before = len(events(ledger.log.folder))

    again = capture(ledger, f"{web}/page")

    assert (again.code, len(events(ledger.log.folder))) == (0, before)
    assert "stood already" in again.err


def test_another_page_under_the_same_id_is_a_conflict_with_the_way_out(
    ledger: Ledger, web: str
) -> None:
    """A page that changed is captured as a version of the first."""
    assert capture(ledger, f"{web}/page", "--id", "p").code == 0

    done = capture(ledger, f"{web}/russian", "--id", "p")

    assert done.code == 4
    assert "--id p-2 --version-of p" in done.error[-1]
    more = ("--id", "p-2", "--version-of", "p")
    assert capture(ledger, f"{web}/russian", *more).code == 0


def test_a_redirect_is_followed_and_told(ledger: Ledger, web: str) -> None:
    """The source has the address asked for; its note says where the document was."""
    done = capture(ledger, f"{web}/moved", "--note", "as of today.")

    assert done.code == 0, done.err
    data = source_of(ledger)
    assert data["url"] == f"{web}/moved"
    told = f"as of today. Fetched from {web}/page, to which the address redirects."
    assert data["note"] == told


@pytest.mark.parametrize("path", ["packed", "members"])
def test_packed_pages_are_unpacked(web: str, path: str) -> None:
    """The bytes are those of the document, not those of its packing."""
    plain = fetch(f"{web}/page", allow_private=True)
    assert fetch(f"{web}/{path}", allow_private=True).data == plain.data


@pytest.mark.parametrize(
    ("path", "media_type", "extractor"),
    [
        ("report.pdf", "application/pdf", "pypdf"),
        ("download", "application/pdf", "pypdf"),
        (
            "letter",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "python-docx",
        ),
        ("talk.vtt", "text/vtt", "transcript"),
    ],
)
def test_bytes_and_name_tell_what_the_server_does_not(
    ledger: Ledger, web: str, path: str, media_type: str, extractor: str
) -> None:
    """`application/octet-stream` and no type say nothing; text/plain may be a transcript."""
    assert capture(ledger, f"{web}/{path}").code == 0
    data = source_of(ledger)
    assert (data["media_type"], data["extractor"]) == (media_type, extractor)


def test_a_charset_that_only_the_server_tells_is_recorded(ledger: Ledger, web: str) -> None:
    """The bytes alone do not show it, so the media type keeps it."""
    assert capture(ledger, f"{web}/russian").code == 0
    assert source_of(ledger)["media_type"] == "text/html;charset=windows-1251"
    assert "Число боевиков" in text_of(ledger)

    done = capture(ledger, f"{web}/undeclared", "--media-type", "text/html;charset=cp1251")
    assert done.code == 0, done.err
    assert "Число боевиков" in text_of(ledger)


def test_nothing_is_sent_but_a_plain_user_agent(
    ledger: Ledger, web: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No cookie that was set on the way, no credential of ~/.netrc, no proxy, no referrer."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert capture(ledger, f"{web}/cookie").code == 0

    lines = text_of(ledger).splitlines()
    assert sorted(line.partition(":")[0].lower() for line in lines) == [
        "accept", "accept-encoding", "host", "user-agent",
    ]  # fmt: skip
    assert any(line.startswith("User-Agent: claims-ledger/") for line in lines)


# ── what is not ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("circle", "redirects in a circle"),
        ("on-and-on", "redirects on and on, 10 times"),
        ("to-file", "is not http or https"),
        ("to-private", "/page, which is not a public address"),
        ("to-named", "holds a name or a password"),
        ("to-nonsense", "is no address"),
        ("huge", "larger than 64 MiB"),
        ("torn-pack", "did not come whole"),
        ("no-pack", "did not come whole"),
        ("other-pack", "comes packed as 'br'"),
        ("torn", "does not answer as a web server should"),
        ("no-http", "does not answer as a web server should"),
        ("empty", "is empty"),
        ("nothing", "a page without text: a script would have to write it"),
        ("no-pdf", "is no PDF: it looks like html"),
        ("picture", "it is image/png"),
        ("undeclared", "is not in the charset utf-8"),
        ("busy", "answers 503 Service Unavailable"),
        ("no-content", "answers 204 No Content"),
        ("missing", "answers 404 Not Found"),
    ],
)
def test_what_misbehaves_is_refused(untouched: Path, web: str, path: str, said: str) -> None:
    """Three lines, nothing written, no traceback; a secret is not repeated."""
    done = call("capture", f"{web}/{path}", "--allow-private", ledger=untouched)

    assert is_refusal(done), done.err
    assert said in done.error[0]
    assert f"{web}/" in done.error[0]
    assert "field document" in done.error[1]
    assert "secret" not in done.err
    assert len(events(untouched)) == 1
    assert not any((untouched / "documents").rglob("*"))


@pytest.mark.parametrize(
    ("path", "limits", "said"),
    [
        ("slow", Limits(read=0.2), "did not answer within time"),
        ("drip", Limits(total=0.4), "did not answer within 0.4 seconds in all"),
        ("drip-head", Limits(total=0.4), "did not answer within 0.4 seconds in all"),
        ("endless", Limits(size=1 << 20), "is larger than 1 MiB"),
        ("page", Limits(size=100), "is larger than 100 bytes"),
        ("bomb", Limits(size=1 << 20), "is larger than 1 MiB"),
        ("moved", Limits(redirects=0), "on and on, 0 times"),
    ],
)
def test_limits_hold(web: str, path: str, limits: Limits, said: str) -> None:
    """Of each read, of all, of size packed and unpacked, of redirects."""
    with pytest.raises(Refused, match=re.escape(said)):
        fetch(f"{web}/{path}", allow_private=True, limits=limits)


def memory_of(untouched: Path, url: str, code: int) -> int:
    """How many bytes a process of `claims capture` holds at most."""
    words = [CLAIMS, "--ledger", untouched, "capture", url, "--allow-private", "--dry-run"]
    with subprocess.Popen(
        list(map(str, words)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == code
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.slow
def test_a_bomb_does_not_eat_the_memory(untouched: Path, web: str) -> None:
    """300 MiB of noughts come as 300 KiB: no more than the largest document is ever held."""
    usual = memory_of(untouched, f"{web}/page", 0)
    assert memory_of(untouched, f"{web}/bomb", 3) < usual + (200 << 20)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("file:///etc/passwd", "is not http or https"),
        ("ftp://example.org/x", "is not http or https"),
        ("http://user:secret@example.org/", "holds a name or a password"),
        ("http://", "is no whole address"),
        ("http://example.org:99999/", "is no whole address"),
        ("https://exa mple.org/", "is no"),
        ("http://127.0.0.1:1/", "127.0.0.1 is not a public address"),
        ("http://2130706433/", "(127.0.0.1) is not a public address"),
        ("http://0x7f.1/", "(127.0.0.1) is not a public address"),
        ("http://[::1]/", "::1 is not a public address"),
        ("http://[::ffff:127.0.0.1]/", "is not a public address"),
        ("http://169.254.169.254/latest/meta-data", "is not a public address"),
        ("http://localhost/", "is not a public address"),
        ("http://10.1.2.3/", "is not a public address"),
    ],
)
def test_addresses_that_are_not_asked_for(untouched: Path, url: str, said: str) -> None:
    """Refused before anything is sent."""
    done = call("capture", url, ledger=untouched)

    assert is_refusal(done), done.err
    assert said in done.error[0]
    assert "secret" not in done.err


def test_nobody_there_is_told(untouched: Path) -> None:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        done = call("capture", url, "--allow-private", ledger=untouched)

    assert is_refusal(done)
    assert "cannot be reached" in done.error[0]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("0.0.0.0", False),
        ("127.8.8.8", False),
        ("100.64.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.1.1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        ("::ffff:8.8.8.8", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b:1::808:808", False),
        ("2002:a00:1::1", False),
    ],
)
def test_what_is_public(address: str, public: bool) -> None:  # noqa: FBT001  one of two columns
    """An address inside another counts as itself."""
    assert is_public(ip_address(address)) is public


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address of a name is checked, not only the first."""
    rows = [(2, 1, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)

    with pytest.raises(Refused, match=r"rebind.example \(10.0.0.1\) is not a public address"):
        addresses_of("rebind.example", 80, 5, allow_private=False)


def test_a_name_is_looked_up_once(web: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked is what is connected to: a second answer would be another one."""
    port = int(web.rpartition(":")[2])
    asked: list[str] = []
    real = socket.getaddrinfo

    def answer(host: str, port: int, *words: int, **more: int) -> list[tuple[Any, ...]]:
        asked.append(host)
        changed = "127.0.0.1" if asked.count("rebind.example") == 1 else "127.0.0.99"
        there = changed if host == "rebind.example" else host
        return list(real(there, port, *words, **more))

    monkeypatch.setattr(socket, "getaddrinfo", answer)

    got = fetch(f"http://rebind.example:{port}/page", allow_private=True)

    assert b"exceeds 10,000" in got.data
    assert asked.count("rebind.example") == 1


def test_a_look_up_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's resolver has no time of its own."""
    import threading

    never = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [never.wait(30)][:0])
    try:
        with pytest.raises(Refused, match="the look-up of its name took too long"):
            addresses_of("slow.example", 80, 0.1, allow_private=False)
    finally:
        never.set()


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for a name, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def test_tls_is_checked_against_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the connection goes to an address; a certificate for another name is refused."""
    files = certificate(tmp_path, "localhost")
    with serving(*files) as port:
        with pytest.raises(Refused, match=r"cannot be reached.*certificate"):
            fetch(f"https://localhost:{port}/page", allow_private=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
        assert b"10,000" in fetch(f"https://localhost:{port}/page", allow_private=True).data
        with pytest.raises(Refused, match=r"cannot be reached.*certificate"):
            fetch(f"https://127.0.0.1:{port}/page", allow_private=True)
