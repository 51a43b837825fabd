"""One statement: every report side by side, how their words differ, its numbers, past and proof."""

from typing import TYPE_CHECKING

from ledger.asker import Row
from ledger.errors import UnknownId
from ledger.leaves import hash_of_line
from ledger.prove import prove_inclusion
from ledger.web.differences import compare
from ledger.web.page import Asked, Page
from ledger.web.past import past_of
from ledger.whole import statement_whole

if TYPE_CHECKING:
    from ledger.web.keeper import Moment


def statement_page(asked: Asked) -> Page:
    """All that is recorded of a statement."""
    moment, key = asked.moment, asked.path["id"]
    # Most statements have none; a pinned moment knows that at once.
    related = moment.views.sql(
        "select 1 from forms.relations where $id in (from_id, to_id) limit 1", id=key
    )
    whole = statement_whole(moment.views, moment.store, key, is_related=bool(related))
    if whole is None:
        raise UnknownId("statement", key)
    add_lags(whole["reports"])
    for report in whole["reports"]:
        report.setdefault("context_fault", None)
    subjects = [f"statement/{key}"]
    subjects += [f"report/{report['report_id']}" for report in whole["reports"]]
    subjects += [f"estimate/{estimate['estimate_id']}" for estimate in whole["estimates"]]
    data = {
        "statement": whole,
        "assessments": moment.views.named("page_assessments", noun="statement", id=key),
        "compared": [
            {"pieces": each.pieces, "own": each.own}
            for each in compare([report["quote"] for report in whole["reports"]])
        ],
        "history": past_of(moment, subjects, whole["position"]),
        "proof": proof_of(moment, whole["position"]),
        "primary_sources": primary_sources(whole["reports"]),
    }
    lasts = not any(report["context_fault"] for report in whole["reports"])
    return Page("statement.html", whole["proposition"], data, whole["reports"], lasts=lasts)


def add_lags(reports: list[Row]) -> None:
    """Say of each report how many days after the first one it was published.

    None where one of the two is not known to the day.
    """
    days = [
        row["published_earliest"] if row["published_earliest"] == row["published_latest"] else None
        for row in reports
    ]
    for row, day in zip(reports, days, strict=True):
        row["lag_days"] = (day - days[0]).days if day and days[0] else None


def proof_of(moment: "Moment", position: int) -> Row:
    """What ties an event to the signed head: its leaf hash, and whether the head covers it.

    Raises Damaged where its line is not the one that was signed.
    """
    log = moment.log
    signed = position < log.signed_size
    if signed:
        prove_inclusion(log, position, log.signed_size)
    return {
        "position": position,
        "leaf_hash": hash_of_line(log.line(position)).hex(),
        "signed": signed,
        "signed_size": log.signed_size,
        "root": log.checkpoint.root64,
    }


def primary_sources(reports: list[Row]) -> int:
    """How many sources the reports go back to: the first of each chain, else the publisher."""
    first = {
        (via[0]["speaker_id"] or via[0]["source_id"]) if (via := report["via"])
        else report["publisher_id"] or report["source_id"]
        for report in reports
    }  # fmt: skip
    return len(first)
