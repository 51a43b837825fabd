"""Which addresses of the network may be fetched from, and where a name leads.

Rules kept here:
- an address is public only if it is so in every reading: an IPv4 address inside an IPv6 one
  (mapped, 6to4, NAT64) counts as itself;
- a name counts as private if any of its addresses is;
- what was checked is what is connected to: the caller gets addresses, and looks up nothing again.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from threading import Thread

from ledger.errors import Refused

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")  # RFC 8215
_IPV4_BITS = 32


class NotPublic(Refused):
    """A name or an address that leads into a private network."""


def addresses_of(host: str, port: int, seconds: float, *, allow_private: bool) -> list[Address]:
    """The addresses of a name or a literal address, in the system's order of preference.

    Raises Refused where it is not known, NotPublic where one of them is private.
    """
    found = look_up(host, port, seconds)
    for address in found:
        if not allow_private and not is_public(address):
            shown = f"{host} ({address})" if str(address) != host else host
            raise NotPublic(
                f"{shown} is not a public address; what it serves is not fetched.",
                way_out="If you know it and want it, give --allow-private.",
            )
    return found


def look_up(host: str, port: int, seconds: float) -> list[Address]:
    """What the system's resolver says; raises Refused where it says nothing in time."""
    answers: SimpleQueue[list[Address] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            names = [str(row[4][0]).partition("%")[0] for row in rows]
            answers.put(list(dict.fromkeys(map(ip_address, names))))
        except (OSError, UnicodeError) as error:  # UnicodeError: no name of a host
            answers.put(error)

    # A thread, since a look-up cannot be given a time.
    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=max(seconds, 0.001))
    except Empty:
        raise unknown(host, "the look-up of its name took too long") from None
    if isinstance(answer, OSError | UnicodeError):
        raise unknown(host, getattr(answer, "strerror", None) or "it is no name") from answer
    if not answer:
        raise unknown(host, "it has no address")
    return answer


def unknown(host: str, why: str) -> Refused:
    """The refusal of a name that leads nowhere."""
    return Refused(
        f"{host} cannot be found: {why[:1].lower()}{why[1:]}.",
        way_out="Check the address, and that this machine is on the network.",
    )


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public network, however it is read."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or (inner(address) if address in _NAT64 else None)
        if inside:  # nothing but another way to write it
            return is_public(inside)
        if address in _LOCAL_NAT64 or address.is_site_local:
            return False
        if address.sixtofour and not is_public(address.sixtofour):
            return False
    return address.is_global and not (
        address.is_private
        or address.is_multicast
        or address.is_reserved
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
    )


def inner(address: IPv6Address) -> IPv4Address:
    """The IPv4 address in the last bits of an IPv6 one."""
    return IPv4Address(int(address) & ((1 << _IPV4_BITS) - 1))
