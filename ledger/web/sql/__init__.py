"""Asks SQL of strangers: each query in a process of its own that holds nothing worth having.

`Sandbox` (server) → `host` (keeps views open, forks) → `guest` (one query, confined).
"""

from ledger.web.sql.faults import TakesTooLong, TakesTooMuch
from ledger.web.sql.limits import LIMITS, Limits
from ledger.web.sql.messages import Answer, Asked, Download, Form
from ledger.web.sql.sandbox import Sandbox

__all__ = [
    "LIMITS",
    "Answer",
    "Asked",
    "Download",
    "Form",
    "Limits",
    "Sandbox",
    "TakesTooLong",
    "TakesTooMuch",
]
