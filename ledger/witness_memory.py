"""What a witness has on disk: its key, the keys of logs that it trusts, and its memory of them.

It lies in `claims-ledger/witness` of the user's configuration folder, named by the witness and by
the origins of the logs, percent-encoded:

    <name>.key          the witness's signing key (type 0x04), for its owner alone
    <origin>.trusted    verifier keys of a log, one a line
    <origin>.head       the head that was cosigned last, as it was shown: the memory
    lock                held while a head is looked at, remembered and cosigned

Rules kept here:
- a user is one witness: two keys with one memory each could be played off against each other;
- whatever is replaced is replaced whole and durably;
- a memory that cannot be read is damage: it never counts for none.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from ledger.checkpoint import Checkpoint, parse_checkpoint
from ledger.cosign import signing_keys
from ledger.disk import create_file, replace_file, sync_folder, telling
from ledger.errors import BadOrigin, Conflict, Differs, Refused
from ledger.keys import check_origin, key_folder
from ledger.locks import hold
from ledger.note import COSIGNATURE, BadNote, Note, SignerKey, VerifierKey

WAIT_SECONDS = 120.0
_MAX_NAME = 240  # a file name has at most 255 bytes, and an ending follows


@dataclass(frozen=True)
class WitnessMemory:
    """The files of this user's witness."""

    folder: Path

    @classmethod
    def here(cls) -> "WitnessMemory":
        """That of this user."""
        return cls(key_folder().parent / "witness")

    @property
    def lock(self) -> Path:
        """Held while the witness looks at a head."""
        return self.folder / "lock"

    # ── the key ──────────────────────────────────────────────────────────────────────────────

    def make_key(self, name: str) -> VerifierKey:
        """Make the witness's key; raises Conflict where there is one, Refused for a bad name."""
        _check_name(name)
        if there := self._key_files():
            raise Conflict(
                "You have a witness's key already.",
                way_out="`claims witness show` prints its verifier key; a user is one witness.",
            ).at(file=str(there[0]))
        key = SignerKey.generate(name, COSIGNATURE)
        with telling(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self.folder.parent)
            create_file(self._file(name, "key"), f"{key.format()}\n".encode(), 0o600)
        return key.verifier()

    def read_key(self) -> SignerKey:
        """The witness's key; raises Refused where there is none, or none that can be read."""
        files = self._key_files()
        if len(files) != 1:
            what = f"{len(files)} keys lie in its folder" if files else "you have no key for it yet"
            raise Refused(
                f"A witness needs one key: {what}.",
                way_out="Make one with `claims witness init NAME`; of several keep one.",
            ).at(file=str(self.folder))
        try:
            text = files[0].read_text("ascii").removesuffix("\n")
            return SignerKey.parse(text, COSIGNATURE)
        except (BadNote, UnicodeDecodeError) as error:
            raise Refused(
                f"The witness's key cannot be used: {error}.", way_out="Put a copy of it back."
            ).at(file=str(files[0])) from error

    def _key_files(self) -> list[Path]:
        return sorted(self.folder.glob("*.key"))

    # ── the logs ─────────────────────────────────────────────────────────────────────────────

    def origins(self) -> list[str]:
        """The origins of which a key is trusted or a head remembered."""
        files = (path for path in self.folder.glob("*") if path.suffix in {".trusted", ".head"})
        return sorted({unquote(path.stem) for path in files})

    def trusted(self, origin: str) -> list[VerifierKey]:
        """The keys of a log that are trusted, in the order in which they were registered."""
        return _read_keys(self._file(origin, "trusted"), origin)

    def trust(self, key: VerifierKey, wait_seconds: float = WAIT_SECONDS) -> bool:
        """Trust a log's key from now on; gives whether that is new."""
        self.read_key()
        with hold([self.lock], wait_seconds):
            known = self.trusted(key.name)
            if key in known:
                return False
            text = "".join(f"{one.format()}\n" for one in (*known, key))
            self._replace(self._file(key.name, "trusted"), text.encode())
        return True

    def remembered(self, origin: str) -> tuple[Note, Checkpoint] | None:
        """The head of a log that was cosigned last, with its note; None when there is none yet."""
        path = self._file(origin, "head")
        data = _read(path)
        if data is None:
            return None
        try:
            note, head = parse_checkpoint(data)
            if head.origin != origin:
                raise BadNote(f"its origin is {head.origin}")  # noqa: TRY301  told like a garbled one
            signing_keys(note, self.trusted(origin))
        except BadNote as error:
            raise Differs(
                "the head that this witness remembers", file=str(path),
                expected=f"a head that a trusted key of {origin} signed", found=str(error),
            ) from error  # fmt: skip
        return note, head

    def remember(self, origin: str, note: bytes) -> None:
        """Remember a head, durably, in place of the one before."""
        self._replace(self._file(origin, "head"), note)

    @staticmethod
    def _replace(path: Path, data: bytes) -> None:
        with telling(path):
            replace_file(path, data, 0o600)

    def _file(self, name: str, ending: str) -> Path:
        encoded = quote(name, safe="")
        if len(encoded) > _MAX_NAME:
            raise Refused(f"The name {name[:40]}… is too long.", way_out="A shorter one is needed.")
        return self.folder / f"{encoded}.{ending}"


def _read(path: Path) -> bytes | None:
    """The bytes of a file, None where there is none; raises DiskFailed."""
    with telling(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


def _read_keys(path: Path, origin: str) -> list[VerifierKey]:
    try:
        keys = [VerifierKey.parse(line) for line in (_read(path) or b"").decode().splitlines()]
        if any(key.name != origin for key in keys):
            raise BadNote(f"a key of another log than {origin}")  # noqa: TRY301  told like garbage
    except (BadNote, UnicodeDecodeError) as error:
        raise Differs(
            "the trusted keys", file=str(path), expected="a verifier key of the log on each line",
            found=str(error),
        ) from error  # fmt: skip
    return keys


def _check_name(name: str) -> None:
    try:
        check_origin(name)
    except BadOrigin:
        raise Refused(
            f"{name!r} cannot be the name of a witness.",
            field="NAME",
            way_out="Take a name like `example.org/ben`: at most 200 letters A-Z a-z, digits and"
            " . _ ~ / - , the first a letter or digit.",
        ) from None
