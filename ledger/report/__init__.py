"""Reports and exhibits: what is recorded, as one file that can be mailed, printed and checked.

Rules kept here:
- a claim is never presented as a fact: "X claimed …, as reported by …";
- a page needs nothing but itself, and its policy allows no more: one style, and one script where
  there are charts, both by their hashes;
- every text that comes from the ledger is escaped, and characters that hide or turn are shown;
- the same log gives the same bytes, so no clock is asked.
"""

from ledger.report.making import make_exhibit, make_report
from ledger.report.selection import Selection, chosen
from ledger.report.stood import Stood

__all__ = ["Selection", "Stood", "chosen", "make_exhibit", "make_report"]
