"""Deep checks of a ledger: whether what its lines say is so, and fits together."""

from ledger.audits.contents import Counts, check_contents

__all__ = ["Counts", "check_contents"]
