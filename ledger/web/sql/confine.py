"""Takes from this process what a query has no need of, for good.

Rules kept here:
- it comes before any word of the query is read, the parser's work included;
- DuckDB's own lock is the first wall: it refuses in plain words. Behind it stands the system's:
  whoever should get past DuckDB still opens no file but those named here (Landlock, Linux 5.13),
  makes no connection (Linux 6.7), and sends no signal (Linux 6.12);
- where a system has one of these not, the others stand, and the server ends the process in time.
"""

import contextlib
import ctypes
import math
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.web.sql.limits import Limits

if TYPE_CHECKING:
    from projections.database import Database

# DuckDB's names; what they hold is no secret, but a query of a stranger has no use for it either.
_SETTINGS = (
    "set python_enable_replacements = false",  # variables of this very process
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set allow_persistent_secrets = false",
    "set secret_directory = ''",
)


def lock_views(views: "Database", room: Path, limits: Limits) -> None:
    """Let the views be read and nothing else: no other file, no setting, no write."""
    for setting in _SETTINGS:
        views.connection.execute(setting)
    views.connection.execute(f"set memory_limit = '{limits.memory >> 20}MiB'")
    views.connection.execute(f"set max_temp_directory_size = '{limits.spill >> 20}MiB'")
    views.lock_down(room)


def bound(seconds: float, limits: Limits) -> None:
    """Bound the processor time, address space and files of this process, where that can be."""
    with contextlib.suppress(ImportError):
        import resource

        held = address_space()
        for what, most in (
            (resource.RLIMIT_CPU, math.ceil(seconds) + 1),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, max(limits.file_size, limits.spill)),
            (resource.RLIMIT_AS, held + limits.memory + limits.headroom if held else None),
        ):
            if most is not None:
                with contextlib.suppress(ValueError, OSError):
                    resource.setrlimit(what, (most, most))


def address_space() -> int:
    """How many bytes of addresses this process holds; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


# ── Landlock (Documentation/userspace-api/landlock.rst of the kernel) ────────────────────────

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # system calls, the same on x86-64 and ARM
_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS of prctl(2)
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_READ = 0b1100  # of a file, of a folder
_FILES = {1: 13, 2: 14, 3: 15, 4: 15}  # version: how many rights over files it knows
_FILES_NOW = 16
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_BIND_CONNECT, _SOCKETS_SIGNALS = 0b11, 0b11


def wall_in(reading: Iterable[Path], writing: Path) -> int:
    """Open no file from here on but below these folders; the version of Landlock, 0 without it."""
    if sys.platform != "linux":
        return 0
    with contextlib.suppress(OSError):
        libc = ctypes.CDLL(None, use_errno=True)
        version = int(libc.syscall(_CREATE, None, 0, _VERSION))
        if version < 1:
            return 0
        rules = _checked(libc.syscall(_CREATE, *_handled(version), 0))
        everything = (1 << _FILES.get(version, _FILES_NOW)) - 1
        for folder in reading:
            _allow(libc, rules, folder, _READ)
        _allow(libc, rules, writing, everything & ~1)  # but to execute
        _checked(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _checked(libc.syscall(_RESTRICT, rules, 0))
        os.close(rules)
        return version
    return 0


def _handled(version: int) -> tuple[bytes, int]:
    """What is forbidden unless it is allowed: `struct landlock_ruleset_attr` and its length."""
    made = struct.pack("=Q", (1 << _FILES.get(version, _FILES_NOW)) - 1)
    if version >= _NETWORK_SINCE:
        made += struct.pack("=Q", _BIND_CONNECT)
    if version >= _SCOPES_SINCE:
        made += struct.pack("=Q", _SOCKETS_SIGNALS)
    return made, len(made)


def _allow(libc: ctypes.CDLL, rules: int, folder: Path, rights: int) -> None:
    place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        _checked(libc.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", rights, place), 0))
    finally:
        os.close(place)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "Landlock")
    return int(result)
