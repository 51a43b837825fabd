"""Connections for fetching: to addresses that were checked, and never beyond a deadline.

Rules kept here:
- the name is looked up once, its addresses are checked, and the connection goes to one of those:
  an answer that changes between check and use changes nothing (DNS rebinding);
- TLS is checked against the name, with the certificates that the system or SSL_CERT_FILE trusts;
- no read, write or handshake waits beyond the deadline of the whole fetch, not even for a server
  that sends one byte now and then.
"""

import ssl
import time
from collections.abc import Iterable
from typing import Any, Self

import httpcore
import httpx

from ledger.fetch_addresses import addresses_of

_SHORTEST = 0.001  # seconds; 0 would mean: do not wait at all


class Deadline:
    """The moment at which everything is to be over."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def within(self, seconds: float | None) -> float:
        """How many seconds a step may still take; raises ReadTimeout where none are left."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return max(left if seconds is None else min(left, seconds), _SHORTEST)

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._at


class BoundedStream(httpcore.NetworkStream):
    """A connection on which nothing waits beyond the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        """End the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt the connection; the certificate must be for the name."""
        within = self._deadline.within(timeout)
        encrypted = self._stream.start_tls(ssl_context, server_hostname, within)
        return BoundedStream(encrypted, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  as httpcore has it
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to what a name leads to, once its addresses are found to be public.

    `trusted` is the one host whose addresses need not be.
    """

    def __init__(self, deadline: Deadline, trusted: str | None) -> None:
        self._deadline = deadline
        self._trusted = trusted
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; raises Refused for one that is private."""
        found = addresses_of(
            host, port, self._deadline.within(timeout), allow_private=host == self._trusted
        )
        failed: Exception = httpcore.ConnectError()
        for address in found:
            try:
                stream = self._plain.connect_tcp(
                    str(address), port, self._deadline.within(timeout), local_address,
                    socket_options,
                )  # fmt: skip
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return BoundedStream(stream, self._deadline)
        raise failed


class DirectTransport(httpx.BaseTransport):
    """Sends requests of httpx over checked connections, without proxy, cookies or credentials."""

    def __init__(self, deadline: Deadline, trusted: str | None) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            network_backend=CheckedBackend(deadline, trusted),
            max_keepalive_connections=0,  # so that each request is checked anew
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; raises what httpcore raises, and Refused for a private address."""
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        assert isinstance(response.stream, Iterable), "of a pool that does not wait for others"
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=Body(response.stream),
            request=request,
        )

    def close(self) -> None:
        """End all connections."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self


class Body(httpx.SyncByteStream):
    """The bytes of an answer as they come."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Any:  # noqa: ANN401  an iterator of bytes
        return iter(self._stream)

    def close(self) -> None:
        """Read no further."""
        close = getattr(self._stream, "close", None)
        if close:
            close()
