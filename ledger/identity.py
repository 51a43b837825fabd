"""Who a ledger says it is: its first event, and `ledger.toml` which repeats it for people."""

import tomllib
from pathlib import Path

from events.codec import NotAnEvent, decode_event
from events.vocabulary import LedgerCreated
from ledger.chain import KeyChain
from ledger.checkpoint import Checkpoint
from ledger.errors import BadOrigin, Differs, Refused, UsageFault
from ledger.keys import check_origin
from ledger.note import BadNote, VerifierKey
from ledger.segments import list_segments, read_window

FORMAT_VERSION = 1
SETTINGS = "ledger.toml"


def check_is_ledger(folder: Path) -> None:
    """Check that a folder holds a ledger at all; raises UsageFault."""
    if not any((folder / name).exists() for name in (SETTINGS, "log", "checkpoint")):
        raise UsageFault(
            f"There is no ledger in {folder}.",
            way_out="Make one with `claims init DIR --origin NAME`, or name one with `--ledger`.",
        )


def read_created(folder: Path) -> LedgerCreated:
    """The data of the first event. Raises Differs, or Refused for a format newer than this code."""
    segment = list_segments(folder)[0]
    line, newline, _ = read_window(segment.path, 0).partition(b"\n")
    try:
        event = decode_event(line)
        if not (newline and event.position == 0 and isinstance(event.data, LedgerCreated)):
            raise NotAnEvent("another line")  # noqa: TRY301  told like any other fault of the line
        check_origin(event.data.origin)
    except (NotAnEvent, RecursionError, BadOrigin) as error:
        raise Differs(
            "the first event", file=str(segment.path), position=0,
            expected="the event that created the ledger", found=str(error),
        ) from error  # fmt: skip
    if event.data.format_version > FORMAT_VERSION:
        raise Refused(
            f"The ledger has format {event.data.format_version}, newer than this program reads.",
            way_out="Update the program.",
        )
    return event.data


def read_verifier(folder: Path, created: LedgerCreated) -> VerifierKey:
    """The key that the first event gives to check heads with; raises Differs."""
    try:
        key = VerifierKey.parse(created.verifier_key)
        if key.name != created.origin:
            raise BadNote(f"its name is {key.name}")  # noqa: TRY301  told like a garbled key
    except BadNote as error:
        raise Differs(
            "the first event", file=str(list_segments(folder)[0].path), position=0,
            expected=f"a verifier key of {created.origin}", found=str(error),
        ) from error  # fmt: skip
    return key


def format_settings(created: LedgerCreated) -> bytes:
    """The text of `ledger.toml`; neither an origin nor a key holds a sign that TOML escapes."""
    return (
        "# What the first event of the log says; changing it here changes nothing but this text.\n"
        f'origin = "{created.origin}"\n'
        f"format_version = {created.format_version}\n"
        f'verifier_key = "{created.verifier_key}"\n'
    ).encode()


def read_settings(folder: Path) -> LedgerCreated:
    """What `ledger.toml` says; raises Differs when it cannot be read."""
    path = folder / SETTINGS
    try:
        found = tomllib.loads(path.read_text("utf-8"))
        return LedgerCreated(
            origin=str(found.get("origin")), format_version=int(str(found.get("format_version"))),
            verifier_key=str(found.get("verifier_key")),
        )  # fmt: skip
    except (FileNotFoundError, ValueError, RecursionError) as error:  # not UTF-8, not TOML
        why = "no file" if isinstance(error, FileNotFoundError) else str(error)
        raise Differs(
            SETTINGS, file=str(path), expected="what the first event says", found=why
        ) from error


def check_settings(folder: Path, created: LedgerCreated, *, to_the_byte: bool = False) -> None:
    """Check that `ledger.toml` agrees with the first event; raises Differs."""
    path, settings = folder / SETTINGS, read_settings(folder)
    for name in ("origin", "format_version", "verifier_key"):
        expected, found = str(getattr(created, name)), str(getattr(settings, name))
        if found != expected:
            thing = f"{name} in {SETTINGS}"
            raise Differs(thing, file=str(path), expected=expected, found=found)
    if to_the_byte and path.read_bytes() != format_settings(created):
        expected = "the text made of the first event"
        raise Differs(SETTINGS, file=str(path), expected=expected, found="another")


def read_note(folder: Path) -> bytes:
    """The signed head of a ledger as it stands there, unchecked; raises Differs."""
    try:
        return (folder / "checkpoint").read_bytes()
    except FileNotFoundError as error:
        raise _no_head(folder, "no file") from error


def open_note(folder: Path, note: bytes, chain: KeyChain) -> Checkpoint:
    """What a signed head says, checked with the key that was in force at its size; Differs."""
    try:
        return chain.open(note)
    except BadNote as error:
        raise _no_head(folder, str(error)) from error


def _no_head(folder: Path, why: str) -> Differs:
    path = folder / "checkpoint"
    return Differs("the checkpoint", file=str(path), expected="a signed head", found=why)
