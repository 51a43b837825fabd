"""A statement whole: its reports with the words around each quote, its numbers, its relations."""

from ledger.asker import Asker, Row
from ledger.documents import DocumentStore
from ledger.errors import Refused

CONTEXT = 120  # code points shown on each side of a quote


def statement_whole(
    ask: Asker, store: DocumentStore, statement_id: str, *, is_related: bool = True
) -> Row | None:
    """A statement with its reports, estimates and relations; None where there is none.

    A report whose captured text is missing, or is not what was captured, has no context, and says
    why as `context_fault`. Relations are not asked for where the caller knows that there are none.
    """
    rows = ask.sql("from statements where statement_id = $id", id=statement_id)
    if not rows:
        return None
    reports = ask.named("statement_reports", statement=statement_id)
    for report in reports:
        try:
            report["context"] = context_of(store, report)
        except Refused as fault:
            report |= {"context": None, "context_fault": fault.what}
    return rows[0] | {
        "reports": reports,
        "estimates": ask.named("statement_estimates", statement=statement_id),
        "relations": (
            ask.named("statement_relations", statement=statement_id) if is_related else []
        ),
    }


def context_of(store: DocumentStore, report: Row, reach: int = CONTEXT) -> Row | None:
    """The words of the source before and after a quote, and where it stands; None without a text.

    `reach` is in code points; the words end with their paragraph.
    """
    if report["text_sha256"] is None or report["quote_start"] is None:
        return None
    text = store.text(report["text_sha256"])
    start, end = report["quote_start"], report["quote_end"]
    return {
        "line": text.count("\n", 0, start) + 1,
        "before": text[max(start - reach, 0) : start].rpartition("\n\n")[2],
        "after": text[end : end + reach].partition("\n\n")[0],
        "fragment": _fragment(store, report, text),
    }


def _fragment(store: DocumentStore, report: Row, text: str) -> str | None:
    """The page or the time at which a quote stands in its document, where it has such places."""
    from ledger.extract.places import fragment_of

    path = store.path(report["sha256"])
    return fragment_of(
        report["media_type"] or "",
        text,
        report["quote_start"],
        report["quote_end"],
        lambda: path.read_bytes() if path.exists() else b"",
    )
