"""`claims status`, `verify`, `replay` and `rebuild`: where the ledger stands, and if it does."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.context import check_size, open_ledger, parse_moment

if TYPE_CHECKING:
    from ledger.api import Ledger
    from ledger.log import Log
    from ledger.verify import Verification


def status(
    json: Annotated[bool, typer.Option("--json", help="Print it as one JSON object.")] = False,
) -> None:
    """Say where the log and the views stand.

    \b
    claims status
    claims status --json | jq .size
    """
    facts = facts_of(open_ledger().log)
    if json:
        from ledger.cli.output import encoded

        typer.echo(encoded(facts))
        return
    typer.echo("\n".join(status_lines(facts)))


def facts_of(log: "Log") -> dict[str, Any]:
    """Where a ledger stands."""
    from ledger.keys import KeyFiles
    from projections.build import read_stamp, view_file

    path = view_file(log.folder)
    views: int | None = None
    try:
        views = read_stamp(path).size if path.exists() else None
    except Exception:  # noqa: BLE001  any file may lie there; it is built anew when needed
        views = None
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
        "log_bytes": sum(segment.path.stat().st_size for segment in log.segments()),
        "views_size": views,
    }


def status_lines(facts: dict[str, Any]) -> list[str]:
    """Where a ledger stands, for a person."""
    title = f" “{facts['title']}”" if facts["title"] else ""
    unsigned = facts["size"] - facts["signed_size"]
    beyond = f"; {unsigned:,} beyond it" if unsigned else ""
    key = "here" if facts["key_here"] else "not here: the ledger can be read, not appended to"
    views = facts["views_size"]
    behind = (
        "not built yet" if views is None else f"built from {views:,} of {facts['size']:,} events"
    )
    lines = [
        ("ledger", f"{facts['origin']}{title}"),
        ("folder", facts["folder"]),
        ("log", f"{facts['size']:,} events, {facts['log_bytes']:,} bytes"),
        ("last event", facts["last_recorded_at"]),
        ("head", f"signed at {facts['signed_size']:,} events{beyond}"),
        ("root", facts["root"]),
        ("key", f"{key} ({facts['verifier_key']})"),
        ("views file", f"{behind}; `claims rebuild` builds it for other DuckDB programs"),
    ]
    return [f"{name:<11} {text}" for name, text in lines]


def verify(
    strict: Annotated[
        bool, typer.Option("--strict", help="Take lines beyond the signed head for a finding.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print findings as one JSON object.")
    ] = False,
) -> None:
    """Hash every line again and check the tree, the head and its signature. Repairs nothing.

    \b
    claims verify
    claims verify --json | jq .findings
    """
    from ledger.cli.context import ledger_folder
    from ledger.verify import verify_ledger

    found = verify_ledger(ledger_folder(), strict=strict)
    put_verification(found, as_json=json)
    if found.findings:
        raise typer.Exit(1)


def put_verification(found: "Verification", *, as_json: bool) -> None:
    """Print what was found."""
    if as_json:
        import msgspec

        typer.echo(msgspec.json.encode(found, enc_hook=lambda each: each.hex()).decode())
        return
    for note in found.notes:
        typer.echo(f"note: {note}", err=True)
    for finding in found.findings:
        typer.echo(str(finding))
    if not found.findings:
        typer.echo(
            f"Verified: {found.size:,} events, root {found.root.hex() if found.root else ''}"
        )
    else:
        count = len(found.findings)
        typer.echo(f"{count} {'finding' if count == 1 else 'findings'}. Nothing changed.", err=True)


def replay(
    to: Annotated[str, typer.Option("--to", help="A size, or a time in UTC.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Keep the views as a DuckDB file.")
    ] = None,
) -> None:
    """Build the views anew from the log alone, and print how many rows each has.

    \b
    claims replay --to 1200
    claims replay --to 2026-11-20 --output then.duckdb
    """
    ledger = open_ledger()
    size = size_at(ledger, parse_moment(to, "--to"))
    if output:
        keep_views(ledger, size, output)
    with ledger.replay(size) as views:
        from ledger.cli.output import text_table
        from projections import catalog

        names = sorted(each.name for each in catalog.views())
        counts = [
            (name, views.connection.sql(f"from {name}").count("*").fetchall()[0][0])
            for name in names
        ]
        typer.echo(text_table(["view", "rows"], counts))
    typer.echo(f"Replayed {size:,} events; root {ledger.log.root_at(size).hex()}", err=True)


def size_at(ledger: "Ledger", moment: int | date | datetime) -> int:
    """The size that a moment stands for."""
    if isinstance(moment, int):
        check_size(moment, ledger.size, "--to")
        return moment
    with ledger.as_of(moment) as then:
        size = then.size
    typer.echo(f"At that time the ledger held {size:,} events.", err=True)
    return size


def keep_views(ledger: "Ledger", size: int, output: Path) -> None:
    """Write the replayed views as a DuckDB file; an existing file is not touched."""
    from ledger.errors import Refused
    from ledger.views import telling_newer
    from projections.build import build_file

    if output.exists() or not output.parent.is_dir():
        why = "is there already" if output.exists() else "lies in a folder that is not there"
        raise Refused(f"{output} {why}.", way_out="Name a new file in a folder that is there.")
    with telling_newer():
        build_file(output, ledger.log, size)


def rebuild() -> None:
    """Build the view file anew from the log, for other DuckDB programs to open.

    \b
    claims rebuild
    duckdb -readonly my-ledger/views/ledger.duckdb "from militant_estimates"
    """
    from ledger.views import telling_newer
    from projections.build import rebuild as build_views

    log = open_ledger().log
    with telling_newer():
        built = build_views(log)
    typer.echo(f"Built {built.path} from {built.size:,} events.", err=True)


COMMANDS = {"status": status, "verify": verify, "replay": replay, "rebuild": rebuild}
