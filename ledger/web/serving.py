"""Runs the web application on a socket until it is told to end."""

import socket as sockets
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import uvicorn

from ledger.errors import UsageFault
from ledger.web.app import create_app
from ledger.web.settings import Settings


@contextmanager
def listen(host: str, port: int) -> Iterator[sockets.socket]:
    """A socket that listens; raises UsageFault where that cannot be."""
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    # With its protocol named, asyncio turns off Nagle's delay, which would cost 40 ms an answer.
    with closing(sockets.socket(family, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)) as made:
        made.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        try:
            made.bind((host, port))
            made.listen()  # whoever comes before the server runs waits, and is not turned away
        except OSError as error:
            raise UsageFault(
                f"Port {port} of {host} cannot be used: {(error.strerror or str(error)).lower()}.",
                field="--port",
                way_out="Another server may hold it. Try --port 0, which takes a free one.",
            ) from error
        yield made


def run(settings: Settings, socket: sockets.socket, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C; `ready` is called once requests are answered."""
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        limit_concurrency=256,
        h11_max_incomplete_event_size=64 << 10,
    )
    ready()
    uvicorn.Server(config).run(sockets=[socket])
