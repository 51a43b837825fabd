"""`claims status` and `rebuild`: where log and views stand."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import open_log

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.log import Log


def status(
    json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    """Say where the log and the views stand.

    \b
    claims status
    claims status --json | jq .size
    """
    facts = facts_of(open_log())
    if json:
        from ledger.cells import encoded

        typer.echo(encoded(facts))
        return
    typer.echo("\n".join(status_lines(facts)))


def facts_of(log: "Log") -> dict[str, Any]:
    """Where a ledger stands."""
    from ledger.keys import KeyFiles

    return {
        "origin": log.origin,
        "title": log.title,
        "folder": str(log.folder.resolve()),
        "size": log.size,
        "signed_size": log.signed_size,
        "root": log.root_at(log.size).hex(),
        "last_recorded_at": log.last_time.isoformat(),
        "verifier_key": log.verifier_key,
        "key_here": KeyFiles.of(log.origin).key.exists(),
        "log_bytes": sum(segment.length for segment in log.segments()),
        "disk_bytes": sum(segment.disk_length for segment in log.segments()),
        "views_size": views_size(log.folder),
    }


def views_size(folder: "Path") -> int | None:
    """How many events the view file was built from; None where none is of use.

    DuckDB, which takes longer to load than all the rest, is asked only where nothing is kept of it.
    """
    from projections.stamp import read_kept, view_file

    path = view_file(folder)
    if kept := read_kept(path):
        return kept.size
    if not path.exists():
        return None
    from projections.build import read_stamp

    try:
        return read_stamp(path).size
    except Exception:  # noqa: BLE001  any file may lie there; it is built anew when needed
        return None


def status_lines(facts: dict[str, Any]) -> list[str]:
    """Where a ledger stands, for a person."""
    title = f" “{facts['title']}”" if facts["title"] else ""
    unsigned = facts["size"] - facts["signed_size"]
    beyond = f"; {unsigned:,} beyond it" if unsigned else ""
    key = "here" if facts["key_here"] else "not here: the ledger can be read, not appended to"
    sealed = facts["disk_bytes"] < facts["log_bytes"]
    packed = f", sealed to {facts['disk_bytes']:,}" if sealed else ""
    views = facts["views_size"]
    behind = (
        "not built yet" if views is None else f"built from {views:,} of {facts['size']:,} events"
    )
    lines = [
        ("ledger", f"{facts['origin']}{title}"),
        ("folder", facts["folder"]),
        ("log", f"{facts['size']:,} events, {facts['log_bytes']:,} bytes{packed}"),
        ("last event", facts["last_recorded_at"]),
        ("head", f"signed at {facts['signed_size']:,} events{beyond}"),
        ("root", facts["root"]),
        ("key", f"{key} ({facts['verifier_key']})"),
        ("views file", f"{behind}; `claims rebuild` builds it for other DuckDB programs"),
    ]
    return [f"{name:<11} {text}" for name, text in lines]


def rebuild() -> None:
    """Build the view file anew from the log, for other DuckDB programs to open.

    \b
    claims rebuild
    duckdb -readonly my-ledger/views/ledger.duckdb "from militant_estimates"
    """
    from ledger.views import telling_newer
    from projections.build import rebuild as build_views

    log = open_log()
    with telling_newer():
        built = build_views(log)
    typer.echo(f"Built {built.path} from {built.size:,} events.", err=True)


COMMANDS = {"status": status, "rebuild": rebuild}
