"""UmaDB: its server as a process of its own on this machine, and its Python client."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from umadb import Client, Event, ServingStatus, TransportError

from benchmarks.peers import encode
from events.record import Draft

_START_SECONDS = 20.0


class UmaStore:
    """A client; each event is tagged with its subject."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def prepare(self, drafts: Sequence[Draft]) -> Sequence[Draft]:
        """The events as they are."""
        return drafts

    def append(self, prepared: Sequence[Draft]) -> None:
        """Encode and send, as one request: one commit."""
        self.client.append([
            Event(event_type=each.data.TYPE, data=encode(each), tags=[each.subject], uuid=uuid4())
            for each in prepared
        ])  # fmt: skip

    def finish(self) -> None:
        """Nothing is left to do."""


@contextmanager
def open_store(folder: Path) -> Iterator[UmaStore]:
    """A new server on a file in a folder, listening on this machine alone."""
    address = f"127.0.0.1:{free_port()}"
    command = Path(sys.executable).with_name("umadb")
    with subprocess.Popen(
        [command, "--listen", address, "--db-path", folder / "uma.db"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            yield UmaStore(connected(f"http://{address}", server))
        finally:
            server.terminate()


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def connected(url: str, server: "subprocess.Popen[bytes]") -> Client:
    """A client of a server that has begun to serve."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        with suppress(TransportError):
            client = Client(url)
            if client.check_health() == ServingStatus.SERVING:
                return client
        time.sleep(0.05)
    raise RuntimeError("its server did not start")
