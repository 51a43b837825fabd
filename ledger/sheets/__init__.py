"""Claim sheets: what a person writes, read as commands (DESIGN 7).

bytes ─▶ yaml_nodes ─▶ check (model) ─▶ convert (narrator) ─▶ batch ─▶ commands
  ▲                                                                       │
  │                        what the ledger holds (held) ─▶ identify ─▶ plan (differences)
  │                                                                       │
  └──── slots ◀─ ids that the ledger gave ◀─ new, revised, added, void ◀──┘
"""

from ledger.sheets.batch import read_sheets
from ledger.sheets.command import SheetCommand
from ledger.sheets.plan import plan_sheets
from ledger.sheets.planned import Entry, Orders, Plan
from ledger.sheets.schema import sheet_schema
from ledger.sheets.slots import Slot, write_ids
from ledger.sheets.starter import start_sheet

__all__ = [
    "Entry", "Orders", "Plan", "SheetCommand", "Slot", "plan_sheets", "read_sheets", "sheet_schema",
    "start_sheet", "write_ids",
]  # fmt: skip
