"""A `claims serve` that is watched: what it says and holds; and bytes sent to it as they are."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from cli_tools import arguments
from site_tools import READY, Answer, get

HOST = "Host: localhost\r\nConnection: close\r\n"


@dataclass
class Watched:
    """A server at work; what it says on standard error is read as it comes."""

    address: str
    process: subprocess.Popen[bytes]
    lines: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.address.rpartition(":")[2])

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path."""
        return get(self.address + path, **headers)

    def raw(self, data: bytes | str, *, seconds: float = 10) -> bytes:
        """What comes back for some bytes until the server closes; nothing more after a time."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as made:
            found = bytearray()
            try:
                made.sendall(data.encode() if isinstance(data, str) else data)
                while block := made.recv(1 << 16):
                    found += block
            except (TimeoutError, ConnectionError):
                pass
            return bytes(found)

    def memory(self) -> int:
        """How many bytes of memory it has (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) << 10

    def end(self, how: signal.Signals) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(how)
        return self.process.wait(20)

    @property
    def said(self) -> str:
        """What it has said besides where it is."""
        return "".join(self.lines)


@contextmanager
def watched(ledger: Path, *more: str) -> Iterator[Watched]:
    """A server on a free port of loopback; it is ended afterwards."""
    process = subprocess.Popen(
        arguments(("serve", "--port", "0", *more), ledger),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    first = process.stderr.readline().decode()
    found = READY.search(first)
    assert found, first + process.stderr.read().decode()
    made = Watched(found[1], process)
    reading = Thread(target=_read, args=(made,))
    reading.start()
    try:
        yield made
    finally:
        process.terminate()
        process.wait(20)
        reading.join()
        process.stderr.close()


def _read(made: Watched) -> None:
    assert made.process.stderr is not None
    for line in made.process.stderr:
        made.lines.append(line.decode())
