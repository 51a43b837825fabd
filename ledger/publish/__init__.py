"""A ledger as a folder of files that any web server can serve: C2SP tlog-tiles, and the views."""

from ledger.publish.known_sites import known_sites, remember_site
from ledger.publish.publishing import Options, Published, publish
from ledger.publish.withdraw import withdraw

__all__ = ["Options", "Published", "known_sites", "publish", "remember_site", "withdraw"]
