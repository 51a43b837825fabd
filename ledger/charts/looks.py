"""Who has which colour and shape: those who claimed most come first."""

from collections import Counter
from collections.abc import Sequence

from ledger.charts.drawing import Drawing
from ledger.charts.furniture import Entry, Sample
from ledger.charts.gathered import Told
from ledger.charts.palette import MOST_LOOKS, look
from ledger.charts.words import cut

NAME = 44  # characters, at most, of a name beside the plot


class Looks:
    """The look of each speaker of a chart."""

    def __init__(self, estimates: Sequence[Told]) -> None:
        count = Counter(each.row["speaker_id"] for each in estimates)
        self.names = {each.row["speaker_id"]: each.speaker for each in estimates}
        self.order = [speaker for speaker, _ in count.most_common()]
        self._numbers = {speaker: number for number, speaker in enumerate(self.order)}

    def of(self, speaker_id: str) -> tuple[str, str]:
        """The colour and the shape of a speaker."""
        return look(self._numbers[speaker_id])

    def entries(self, drawing: Drawing) -> list[Entry]:
        """Who is who; speakers beyond those who have a look of their own stand together."""
        own = self.order[:MOST_LOOKS]
        entries = [
            Entry(self._sample(drawing, speaker), cut(self.names[speaker], NAME)) for speaker in own
        ]
        if others := len(self.order) - len(own):
            sample = self._sample(drawing, self.order[-1])
            entries.append(Entry(sample, f"{others:,} other speakers"))
        return entries

    def _sample(self, drawing: Drawing, speaker_id: str) -> Sample:
        colour, shape = self.of(speaker_id)
        return lambda x, y: drawing.symbol(x, y, shape, colour=colour, size=90)
