"""Recording in the browser: select words in a source, and record who is said to have said them.

It stands behind `claims serve --write` and a token. What it appends goes the way of `claims add`:
commands, the rule book, the writer; so it refuses what the command line refuses, in its words.
"""

from ledger.web.recording.page import Recording

__all__ = ["Recording"]
