"""Other people's data on its way in: each format becomes rows, and each row commands.

    files ──▶ a format's module ──▶ rows of commands ──▶ checked, kept aside ──▶ appended in bulk
              (formats.py)          rows.py              spool.py                run.py, trial.py

A row is taken whole or refused whole, with its place and the reason; nothing is dropped silently.
"""
