"""The user's key folder: the signing key, the last head signed with it and a lock, per origin.

It lies outside every ledger, so a ledger that is copied or restored does not bring its own
memory along: what was signed last is known here.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from ledger.checkpoint import Checkpoint, open_checkpoint
from ledger.disk import create_file, replace_file
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
        if not self.key.exists():
            raise KeyMissing(self.origin, str(self.key))

    def warnings(self) -> list[str]:
        """What the owner of the key should know: that others can read it."""
        exposed = os.name == "posix" and self.key.stat().st_mode & 0o077
        return [f"Others can read the signing key: `chmod 600 {self.key}`."] if exposed else []

    def read_key(self, verifier: VerifierKey) -> SignerKey:
        """The signing key that belongs to a verifier key; raises KeyMissing or KeyUnfit."""
        try:
            key = SignerKey.parse(self.key.read_text("ascii").removesuffix("\n"))
        except FileNotFoundError as error:
            raise KeyMissing(self.origin, str(self.key)) from error
        except (BadNote, UnicodeDecodeError) as error:
            raise KeyUnfit(self.origin, str(self.key), str(error)) from error
        if key.verifier() != verifier:
            raise KeyUnfit(self.origin, str(self.key), "it is the key of another ledger")
        return key

    def write_key(self, key: SignerKey) -> None:
        """Keep a new key, durably; FileExistsError when the origin has one."""
        self.make_folder()
        create_file(self.key, f"{key.format()}\n".encode(), 0o600)

    def read_head(self, verifier: VerifierKey) -> Checkpoint | None:
        """The head signed last; None when there is none. Raises Differs when it is garbled."""
        try:
            return open_checkpoint(self.head.read_bytes(), verifier)
        except FileNotFoundError:
            return None
        except BadNote as error:
            raise Differs(
                "the remembered head",
                file=str(self.head),
                expected="a signed head",
                found=str(error),
            ) from error

    def write_head(self, note: bytes) -> None:
        """Remember a signed head, durably."""
        replace_file(self.head, note, 0o600)
