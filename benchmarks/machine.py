"""What the figures were measured on, without any name or path of the machine."""

import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

LIBRARIES = (
    "claims-ledger", "duckdb", "msgspec", "pydantic", "zstandard", "cryptography",
    "eventsourcing", "umadb", "sqlite-utils",
)  # fmt: skip
_SYNCS = 50


def machine(folder: Path) -> dict[str, Any]:
    """The machine, with the disk that a folder lies on."""
    return {
        "cores": os.cpu_count(),
        "processor": processor(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.release()}",
        "file_system": file_system(folder),
        "sync_milliseconds": sync_milliseconds(folder),
        "load": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    """Python and the libraries that are measured; one that is not installed is left out."""
    found = {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def processor() -> str:
    """The model of the processor."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if sys.platform == "darwin":
        call = ["sysctl", "-n", "machdep.cpu.brand_string"]
        return subprocess.run(call, capture_output=True, text=True, check=False).stdout.strip()
    return platform.machine()


def file_system(folder: Path) -> str:
    """The kind of file system that a folder lies on; one in memory makes every sync free."""
    best, kind = "", "unknown"
    with suppress(OSError):
        for line in Path("/proc/mounts").read_text("utf-8").splitlines():
            _, place, name, *_ = line.split()
            inside = folder.resolve().is_relative_to(place)
            if inside and len(place) >= len(best):
                best, kind = place, name
    return kind


def sync_milliseconds(folder: Path) -> float:
    """How long the disk takes to make 1 kB at the end of a file durable: the median of 50."""
    taken = []
    with NamedTemporaryFile(dir=folder) as file:
        for _ in range(_SYNCS):
            begun = time.perf_counter()
            os.write(file.fileno(), b"x" * 1000)
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken) * 1000, 3)
