"""Runs the web application on a socket until it is told to end.

Rules kept here:
- whoever ends it does not wait: what is being worked on has two seconds, then the process ends,
  whatever its threads do. So may any process end: nothing but an append writes, and that outlives
  a crash (DESIGN 4.4);
- it leaves no files behind: those of queries that memory could not hold are dropped first.
"""

import gc
import logging
import os
import socket as sockets
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import uvicorn

from ledger.errors import UsageFault
from ledger.web.app import create_app
from ledger.web.settings import Settings
from projections.database import drop_spilled

_COLLECTED_EVERY = (2_000, 10, 10)  # objects, and collections of the younger ones
_LAST_SECONDS = 2  # for what is being worked on when it ends


@contextmanager
def listen(host: str, port: int) -> Iterator[sockets.socket]:
    """A socket that listens; raises UsageFault where that cannot be."""
    if not host:
        raise UsageFault(
            "No address to listen on was given.",
            field="--host",
            way_out="Leave it out, or give one.",
        )
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    # With its protocol named, asyncio turns off Nagle's delay, which would cost 40 ms an answer.
    with closing(sockets.socket(family, sockets.SOCK_STREAM, sockets.IPPROTO_TCP)) as made:
        made.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        try:
            made.bind((host, port))
            made.listen()  # whoever comes before the server runs waits, and is not turned away
        except (OSError, TypeError) as error:  # the latter where a name cannot be one
            why = getattr(error, "strerror", None) or str(error)
            raise UsageFault(
                f"Port {port} of {host} cannot be used: {why.lower()}.",
                field="--port",
                way_out="Another server may hold it. Try --port 0, which takes a free one.",
            ) from error
        yield made


def run(settings: Settings, socket: sockets.socket, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `ready` is called once requests are answered."""
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_LAST_SECONDS,
        limit_concurrency=256,
        h11_max_incomplete_event_size=64 << 10,
    )
    # A command of the line looks for garbage seldom; here moments would wait in it for very long.
    gc.freeze()
    gc.set_threshold(*_COLLECTED_EVERY)
    ready()
    _Server(config).run(sockets=[socket])


class _Server(uvicorn.Server):
    """A server that ends its process when it has shut down."""

    async def shutdown(self, sockets: list[sockets.socket] | None = None) -> None:
        """Answer what can be answered at once, and end; does not return."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # what is cut off is known
        await super().shutdown(sockets)
        drop_spilled()
        sys.stderr.flush()
        os._exit(0)
