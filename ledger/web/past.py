"""The past of things, as reports tell it: each event in words, with its reason and its changes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from ledger.asker import Row
from ledger.report.past import told
from ledger.report.stood import Stood

if TYPE_CHECKING:
    from ledger.web.keeper import Moment


def past_of(moment: "Moment", subjects: Sequence[str], first: int) -> list[Row]:
    """What was recorded, revised and voided of some subjects, in order, from a position on."""
    rows = moment.views.named("page_history", subjects=list(subjects), first=first)
    return [asdict(event) for event in told(Stood(moment.views, moment.log, moment.size), rows)]
