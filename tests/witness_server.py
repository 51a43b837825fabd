"""A witness on the network, written from C2SP tlog-witness alone; it shares no code with ours.

    witness_server.py STATE_FILE LOG_VKEY

It listens on a free port of the loopback, prints one JSON object with its port and its verifier
key, and cosigns heads of the one log whose key it was given. It keeps in STATE_FILE what it
cosigned last. `hostile_witness.py` is its evil twin.
"""

import base64
import hashlib
import json
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME = "witness.example/w1"
KEY = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"the witness of the tests").digest())
STRANGER = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"somebody else").digest())
SIZE_TYPE = "text/x.tlog.size"
REQUEST = re.compile(
    r"old (?P<old>0|[1-9][0-9]*)\n(?P<proof>(?:[A-Za-z0-9+/]{43}=\n){0,63})\n"
    r"(?P<text>(?P<origin>[^\n]+)\n(?P<size>0|[1-9][0-9]*)\n(?P<root>[A-Za-z0-9+/]{43}=)\n)\n"
    r"(?P<signatures>(?:\u2014 [^ \n+]+ [A-Za-z0-9+/=]+\n)+)"
)


class Reply(NamedTuple):
    """Status, media type and body."""

    status: int
    media_type: str = "text/plain"
    body: bytes = b""


# ── keys and signatures (signed-note, tlog-cosignature) ──────────────────────────────────────


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """SHA-256(name ‖ newline ‖ type ‖ public key)[:4]."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def witness_vkey() -> str:
    """The verifier key of this witness, of type 0x04."""
    public = KEY.public_key().public_bytes_raw()
    shown = key_id(NAME, b"\x04", public).hex()
    return f"{NAME}+{shown}+{base64.b64encode(bytes([4]) + public).decode()}"


def cosignature(text: str, *, made_by: Ed25519PrivateKey = KEY, said_by: str = NAME) -> bytes:
    """A signature line over the time and the text."""
    seconds = int(time.time())
    signature = made_by.sign(f"cosignature/v1\ntime {seconds}\n{text}".encode())
    public = KEY.public_key().public_bytes_raw()
    raw = key_id(said_by, b"\x04", public) + seconds.to_bytes(8, "big") + signature
    return f"\u2014 {said_by} {base64.b64encode(raw).decode()}\n".encode()


def log_signed(vkey: str, text: str, signatures: str) -> bool:
    """Whether one of the signatures is that of the log's key, of type 0x01."""
    name, shown, encoded = vkey.split("+", 2)
    public = base64.b64decode(encoded)[1:]
    for line in signatures.splitlines():
        _, who, data = line.split(" ")
        raw = base64.b64decode(data)
        if who == name and raw[:4].hex() == shown:
            try:
                Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text.encode())
            except InvalidSignature:
                return False
            return True
    return False


# ── the consistency proof, by the recursion of RFC 6962 section 2.1.2 ─────────────────────────


def node(left: bytes, right: bytes) -> bytes:
    """The hash of a node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def roots(old: int, new: int, proof: list[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    """The roots of the old and the new tree that a proof gives; it is used up from its end.

    `known` is the root of the old tree where this subtree is all of it.
    """
    if old == new:
        root = known if known is not None else proof.pop()
        return root, root
    width = 1
    while width * 2 < new:
        width *= 2
    if old <= width:
        right = proof.pop()
        first, second = roots(old, width, proof, known)
        return first, node(second, right)
    left = proof.pop()
    first, second = roots(old - width, new - width, proof, None)
    return node(left, first), node(left, second)


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], proof: list[bytes]) -> bool:
    """Whether a proof shows that the new tree begins with the old one."""
    if old[0] == 0:
        return not proof
    left = list(proof)
    try:
        found = roots(old[0], new[0], left, old[1])
    except IndexError:
        return False
    return not left and found == (old[1], new[1])


# ── the call add-checkpoint ──────────────────────────────────────────────────────────────────


class Witness:
    """What the witness knows: the log's key, and the head that it cosigned last."""

    def __init__(self, state: Path, log_vkey: str) -> None:
        self.state = state
        self.log_vkey = log_vkey
        self.lock = threading.Lock()

    def seen(self) -> tuple[int, bytes]:
        """Size and root of the head that was cosigned last."""
        if not self.state.exists():
            return 0, b""
        size, root = self.state.read_text("ascii").split()
        return int(size), bytes.fromhex(root)

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer a request as the specification asks, check by check."""
        try:
            request = REQUEST.fullmatch(body.decode())
        except UnicodeDecodeError:
            request = None
        if request is None:
            return Reply(400, body=b"the request is malformed\n")
        if request["origin"] != self.log_vkey.partition("+")[0]:
            return Reply(404, body=b"the log is unknown\n")
        if not log_signed(self.log_vkey, request["text"], request["signatures"]):
            return Reply(403, body=b"no trusted key signed this\n")
        old, size = int(request["old"]), int(request["size"])
        if old > size:
            return Reply(400, body=b"old is larger than new\n")
        root = base64.b64decode(request["root"])
        proof = [base64.b64decode(line) for line in request["proof"].splitlines()]
        with self.lock:  # what is compared and what is kept must not come apart
            return self.compare(old, (size, root), proof) or Reply(
                200, body=cosignature(request["text"])
            )

    def compare(self, old: int, new: tuple[int, bytes], proof: list[bytes]) -> Reply | None:
        """Hold a head against the one before, and keep it; None where that went well."""
        seen = self.seen()
        if old != seen[0] or (old == new[0] and seen[1] != new[1]):
            return Reply(409, SIZE_TYPE, f"{seen[0]}\n".encode())
        if not is_consistent(seen, new, proof):
            return Reply(422, body=b"the proof does not verify\n")
        self.state.write_text(f"{new[0]} {new[1].hex()}", "ascii")
        return None


class Handler(BaseHTTPRequestHandler):
    """One request; there is nothing but `<prefix>/add-checkpoint`."""

    protocol_version = "HTTP/1.1"
    witness: Witness

    def do_POST(self) -> None:
        """Answer add-checkpoint."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        known = self.path == "/prefix/add-checkpoint"
        self.send(self.witness.add_checkpoint(body) if known else Reply(404))

    def send(self, reply: Reply, *, longer: int = 0) -> None:
        """Send a reply, whose length may be said to be longer than it is."""
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.media_type)
        self.send_header("Content-Length", str(len(reply.body) + longer))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's name
        """Say nothing."""


def serve(handler: type[Handler], state: Path, log_vkey: str) -> None:
    """Serve until killed."""
    handler.witness = Witness(state, log_vkey)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    said = {"port": server.server_port, "vkey": witness_vkey()}
    print(json.dumps(said), flush=True)  # noqa: T201  read by the test
    server.serve_forever()


if __name__ == "__main__":
    serve(Handler, Path(sys.argv[1]), sys.argv[2])
