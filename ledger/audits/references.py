"""Checking what events say of each other: ids, references, forms, subjects, bounds and dates."""

from ledger.audits.place import Place
from ledger.dates import parse_date
from ledger.errors import Refused
from ledger.findings import Findings
from projections.audits import Audit, definitions


def check_references(audit: Audit, place: Place, findings: Findings) -> None:
    """Run every check of `projections/audits/checks`, and read every date again."""
    for check in definitions("checks"):
        for row in audit.rows(f"from ({check.select}) order by position"):
            findings.add(place.finding(*row))
    check_dates(audit, place, findings)


def check_dates(audit: Audit, place: Place, findings: Findings) -> None:
    """Check that dates are EDTF, and that their bounds are those of the text (log-format 5.1)."""
    for text, earliest, latest, position in audit.rows("from forms.every_date"):
        try:
            date = parse_date(text or "")
        except Refused as fault:
            findings.add(place.finding(position, "a date", "EDTF with its bounds", fault.what))
            continue
        if (date.edtf, date.earliest, date.latest) != (text, earliest, latest):
            findings.add(
                place.finding(
                    position,
                    f"the bounds of the date {text}",
                    f"{date.earliest or 'none'} to {date.latest or 'none'}",
                    f"{earliest or 'none'} to {latest or 'none'}",
                )
            )
