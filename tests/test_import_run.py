"""How rows are taken in: in batches of whole rows, each read or refused, whatever comes."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from cli_tools import events, speakers
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.api import Ledger
from ledger.importers.rows import Fault, Item, Row
from ledger.importers.run import Manner, import_rows
from ledger.importers.spool import Spool


def many(count: int, shared: Sequence[dict[str, Any]] = ()) -> Iterator[Item]:
    """Rows of one small command each."""
    for at, raw in enumerate(speakers(count), 1):
        yield Row(number=at, commands=[raw], shared=list(shared))


def test_what_rows_share_does_not_count_against_the_batch(ledger: Ledger) -> None:
    """4,000 rows that all name the same three things are 4,003 commands, and make one batch."""
    shared = [{**raw, "speaker_id": f"shared-{raw['speaker_id']}"} for raw in speakers(3)]
    with Spool() as spool:
        for at, item in enumerate(many(4_000, shared)):
            assert isinstance(item, Row)
            spool.add(item, 4 if not at else 1)
        assert (spool.rows, spool.commands) == (4_000, 4_003)
        assert [len(batch) for batch in spool.batches(100_000)] == [4_000]
        assert [len(batch) for batch in spool.batches(1_500)] == [1_497, 1_500, 1_003]


@pytest.mark.slow
def test_over_a_hundred_thousand_commands_go_in_batches(ledger: Ledger) -> None:
    """All of them arrive, in batches of whole rows, and a second import writes nothing."""
    report = import_rows(ledger, many(120_000), Manner())

    assert (report.read, report.events) == (120_000, 120_000)
    batches = {each.get("batch") for each in events(ledger.log.folder)[1:]}
    assert len(batches) == 6
    before = ledger.size
    again = import_rows(ledger, many(120_000), Manner())
    assert (again.unchanged, again.events, ledger.size) == (120_000, 0, before)


@pytest.mark.slow
def test_a_fault_in_a_late_batch_is_told_with_its_row(ledger: Ledger) -> None:
    """What stands before it stays, and the import goes on from its start once it is mended."""
    void = {"command": "void_record", "position": 10**9, "reason": "there is none"}

    def rows(*, mended: bool) -> Iterator[Item]:
        for item in many(110_000):
            assert isinstance(item, Row)
            bad = item.number == 109_000 and not mended
            yield Row(number=item.number, commands=[void]) if bad else item

    report = import_rows(ledger, rows(mended=False), Manner())
    assert [fault.number for fault in report.refused] == [109_000]
    assert report.events == 100_000
    again = import_rows(ledger, rows(mended=True), Manner())
    assert (again.events, again.unchanged) == (10_000, 100_000)


# ── whatever comes ───────────────────────────────────────────────────────────────────────────

ITEMS = st.lists(
    st.one_of(
        st.builds(lambda at: ("sound", at), st.integers(0, 6)),
        st.builds(lambda at: ("malformed", at), st.integers(0, 6)),
        st.builds(lambda at: ("unknown", at), st.integers(0, 6)),
        st.builds(lambda at: ("fault", at), st.integers(0, 6)),
        st.builds(lambda at: ("other", at), st.integers(0, 6)),
    ),
    max_size=12,
)


def item_of(kind: str, at: int, number: int) -> Item:
    """A row of a kind; `other` gives an id to something else than `sound` does."""
    sound = {"command": "register_speaker", "speaker_id": f"s{at}", "kind": "group", "name": "A"}
    judge = {"command": "judge_speakers", "left": f"s{at}", "right": f"s{at + 1}",
             "judgement": "same", "reason": "both"}  # fmt: skip
    if kind == "fault":
        return Fault(number=number, what="It is wrong.")
    raw = {"sound": sound, "malformed": {**sound, "kind": "x"}, "unknown": judge,
           "other": {**sound, "name": "B"}}[kind]  # fmt: skip
    return Row(number=number, commands=[raw])


@settings(max_examples=8, deadline=None)
@given(kinds=ITEMS)
def test_read_and_refused_are_all_rows(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[tuple[str, int]]
) -> None:
    """Each row is read or refused, whatever it is; a dry run says the same; a repeat is still."""
    home = tmp_path_factory.mktemp("any")
    items = [item_of(kind, at, number) for number, (kind, at) in enumerate(kinds, 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        with Ledger.create(home / "ledger", origin="example.org/any", actor="ana") as ledger:
            tried = import_rows(ledger, items, Manner(dry_run=True, skip_invalid=True))
            assert ledger.size == 1
            done = import_rows(ledger, items, Manner(skip_invalid=True))
            size = ledger.size
            again = import_rows(ledger, items, Manner(skip_invalid=True))

    refused = {fault.number for fault in done.refused}
    assert done.rows == len(items) == done.read + len(done.refused)
    assert len(refused) == len(done.refused)
    assert {kinds[number - 1][0] for number in refused if number} <= {
        "malformed", "unknown", "fault", "other", "sound",
    }  # fmt: skip
    assert {fault.number for fault in tried.refused} == refused
    assert (tried.events, tried.made, tried.read) == (done.events, done.made, done.read)
    assert tried.unchanged == done.unchanged
    assert size == 1 + done.events == again.size - again.events
    if all(kinds[number - 1][0] != "unknown" for number in refused if number):
        assert again.events == 0  # else a row may have come that a refused one names
