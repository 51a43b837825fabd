"""The user's key folder: the signing key, the last head signed with it and a lock, per origin.

It lies outside every ledger, so a ledger that is copied or restored does not bring its own
memory along: what was signed last is known here.

Rules kept here:
- a key is for its owner alone, and is written whole or not at all;
- a key that gives way to another is kept beside it, until its owner deletes it.
"""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ledger.chain import KeyChain
from ledger.checkpoint import Checkpoint, open_checkpoint
from ledger.disk import create_file, replace_file, sync_folder
from ledger.errors import BadOrigin, Differs, KeyMissing, KeyUnfit
from ledger.note import BadNote, SignerKey, VerifierKey

_ORIGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~/-]{0,199}")
_MAX_NAME = 240  # a file name has at most 255 bytes, and an ending follows


def check_origin(origin: str) -> None:
    """Check that a text may name a ledger: a URL without its scheme, as C2SP asks; BadOrigin."""
    if _ORIGIN.fullmatch(origin) is None or len(quote(origin, safe="")) > _MAX_NAME:
        raise BadOrigin(origin)


def key_folder() -> Path:
    """Where this user's keys lie; `XDG_CONFIG_HOME` is honoured on every system."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    if configured:
        return Path(configured) / "claims-ledger" / "keys"
    from platformdirs import user_config_path

    return user_config_path("claims-ledger", appauthor=False) / "keys"


def parse_key(data: bytes) -> SignerKey:
    """Read a signing key as it is kept: one line; raises BadNote."""
    try:
        return SignerKey.parse(data.decode("ascii").removesuffix("\n"))
    except UnicodeDecodeError as error:
        raise BadNote("it is not a signing key") from error


def format_key(key: SignerKey) -> bytes:
    """A signing key as it is kept; a secret."""
    return f"{key.format()}\n".encode()


@dataclass(frozen=True)
class KeyFiles:
    """The files of one origin in the key folder; any of them may be missing."""

    origin: str
    folder: Path

    @classmethod
    def of(cls, origin: str) -> "KeyFiles":
        """The files of an origin; raises BadOrigin."""
        check_origin(origin)
        return cls(origin, key_folder())

    def _file(self, ending: str) -> Path:
        return self.folder / f"{quote(self.origin, safe='')}.{ending}"

    @property
    def key(self) -> Path:
        """The signing key: one line, readable by its owner alone."""
        return self._file("key")

    @property
    def next(self) -> Path:
        """The next signing key, while a change of key is under way."""
        return self._file("next")

    def retired(self, key: VerifierKey) -> Path:
        """Where a signing key is kept that another one took the place of."""
        return self._file(f"retired-{key.key_hash.hex()}")

    def all_retired(self) -> list[Path]:
        """The signing keys that gave way to others, as far as they still lie here."""
        return sorted(self.folder.glob(f"{self._file('retired-').name}????????"))

    @property
    def head(self) -> Path:
        """The remembered head: the last checkpoint that was signed, whole."""
        return self._file("head")

    @property
    def lock(self) -> Path:
        """Held by whoever appends to any copy of the ledger."""
        return self._file("lock")

    def make_folder(self) -> None:
        """Make the key folder, closed to others."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def check_key(self) -> None:
        """Check that there is a signing key; raises KeyMissing."""
        if not (self.key.exists() or self.next.exists()):
            raise KeyMissing(self.origin, str(self.key))

    def warnings(self) -> list[str]:
        """What the owner of the key should know: that others can read it."""
        exposed = os.name == "posix" and self.key.stat().st_mode & 0o077
        return [f"Others can read the signing key: `chmod 600 {self.key}`."] if exposed else []

    def read_key(self, path: Path) -> SignerKey | None:
        """The key in one of these files; None when there is none. Raises KeyUnfit."""
        try:
            key = parse_key(path.read_bytes())
        except FileNotFoundError:
            return None
        except BadNote as error:
            raise KeyUnfit(self.origin, str(path), str(error)) from error
        if key.name != self.origin:
            raise KeyUnfit(self.origin, str(path), "it is the key of another ledger")
        return key

    def write_key(self, key: SignerKey) -> None:
        """Keep a new key, durably; FileExistsError when the origin has one."""
        self.make_folder()
        create_file(self.key, format_key(key), 0o600)

    def write_next(self, key: SignerKey) -> None:
        """Keep the next key, durably, until it takes the place of the key."""
        replace_file(self.next, format_key(key), 0o600)

    def take_next(self, key: SignerKey) -> None:
        """Put the next key in its place, durably, and keep the one before; may be repeated."""
        if self.read_key(self.key) != key:
            self._keep_key()
            self.next.replace(self.key)
            sync_folder(self.folder)

    def replace_key(self, key: SignerKey) -> Path | None:
        """Put a key in its place, durably; gives the file in which another one is kept now."""
        with suppress(KeyUnfit):
            if self.read_key(self.key) == key:
                return None
        kept = self._keep_key()
        replace_file(self.key, format_key(key), 0o600)
        return kept

    def _keep_key(self) -> Path | None:
        """Keep what lies in the key's place a second time, before another key takes that place."""
        try:
            key = self.read_key(self.key)
            file = self.retired(key.verifier()) if key else None
        except KeyUnfit:
            file = self._file("unfit")
        if file is not None:
            replace_file(file, self.key.read_bytes(), 0o600)
        return file

    # ── the remembered head ──────────────────────────────────────────────────────────────────

    def read_head(self, chain: KeyChain) -> Checkpoint | None:
        """The head signed last; None when there is none. Raises Differs when it is garbled.

        A ledger that was put back to before a change of key does not know the key that signed it;
        then it must be one of the keys that lie here.
        """
        try:
            data = self.head.read_bytes()
        except FileNotFoundError:
            return None
        try:
            return chain.open(data)
        except BadNote as error:
            own = self._open_own(data)
            if own is not None:
                return own
            raise Differs(
                "the remembered head",
                file=str(self.head),
                expected="a signed head",
                found=str(error),
            ) from error

    def _open_own(self, data: bytes) -> Checkpoint | None:
        """What a head says that one of the keys in this folder signed; None of any other."""
        for path in (self.key, self.next, *self.all_retired()):
            with suppress(KeyUnfit, BadNote):
                key = self.read_key(path)
                if key is not None:
                    return open_checkpoint(data, key.verifier())
        return None

    def write_head(self, note: bytes) -> None:
        """Remember a signed head, durably."""
        replace_file(self.head, note, 0o600)
