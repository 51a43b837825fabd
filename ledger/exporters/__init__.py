"""The ledger's data on its way out, in forms that other tools read.

    ledger, as of a size ──▶ leaving.py (what was chosen, who it is from) ──▶ a format's module
                             projections/export/*.sql                         (formats.py)
                                                            ──▶ whole.py: all of it, or nothing

Every export names the ledger, its size and root, and says that what it holds is claimed.
"""
