"""The bits that tell which names surely were not handed over: never no of one that was."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.bulk.seen import Seen


@settings(deadline=None)  # the bits are 128 MB
@given(st.lists(st.lists(st.text())), st.lists(st.text()))
def test_no_name_that_was_taken_is_missed(taken: list[list[str]], others: list[str]) -> None:
    """Whatever names there are, and in however many turns they are taken; the order stays."""
    seen = Seen()
    for some in taken:
        seen.add(some)
    names = [name for some in taken for name in some]
    assert seen.among(names) == names
    assert [name for name in seen.among(names + others) if name in names] == [
        name for name in names + others if name in names
    ]


def test_hardly_any_other_is_taken_for_one() -> None:
    """Of ten thousand others none, but for what chance allows."""
    seen = Seen()
    assert seen.among(["statement/0"]) == []
    seen.add(f"statement/{number}" for number in range(10_000))
    assert len(seen.among([f"report/{number}" for number in range(10_000)])) < 10
