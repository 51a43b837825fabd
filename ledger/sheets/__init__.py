"""Claim sheets: what a person writes, read as commands (DESIGN 7).

bytes ─▶ yaml_nodes ─▶ check (model) ─▶ convert (narrator) ─▶ batch ─▶ commands
  ▲                                                                       │
  └───────────────────────────── slots ◀─ ids that the ledger gave ◀──────┘
"""

from ledger.sheets.batch import read_sheets
from ledger.sheets.command import SheetCommand
from ledger.sheets.schema import sheet_schema
from ledger.sheets.slots import Slot, write_ids
from ledger.sheets.starter import start_sheet

__all__ = ["SheetCommand", "Slot", "read_sheets", "sheet_schema", "start_sheet", "write_ids"]
