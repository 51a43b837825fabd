"""Turns an assertion of Factopolis into commands: who said what, where, who checked it, how.

Rules kept here:
- the words are the speaker's, the wording of the claim is Factopolis's, a check is its checker's;
- what makes two claims is two statements, each with all its sources;
- that several made one claim is a topic, not a repetition: the data does not say who repeats whom.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from ledger.errors import Refused, in_field
from ledger.importers.factopolis_pages import Known, Page, list_of, part_of, parts_of, text_of
from ledger.importers.factopolis_people import person
from ledger.importers.factopolis_retractions import LICENCE, Said, report_of, retracted, short
from ledger.importers.factopolis_sources import found_in
from ledger.importers.front_matter import Front
from ledger.importers.rows import Raw, Row


class Assertions:
    """Makes rows of assertions; `refused` says which people cannot be registered, and why."""

    def __init__(self, known: Known, refused: Mapping[str, Refused]) -> None:
        self.known = known
        self.refused = refused

    def row(self, page: Page, front: Front) -> Row:
        """The commands of an assertion; raises Refused."""
        if text_of(front, "type") != "assertion":
            raise Refused(
                "The page is no assertion.", field="type", way_out="Write `type: assertion`."
            )
        who = page.path.parent.name
        if who not in self.known.people:
            raise Refused(
                f"The page of {who} is missing or was refused.",
                way_out=f"Mend person/{who}/_index.md.",
            )
        if who in self.refused:
            raise Refused(self.refused[who].what, way_out=self.refused[who].way_out)
        speaker = person(who, self.known.people[who], self.known.groups)
        base = f"{short(who)}.{short(page.slug)}"
        said = [self._said(base, claim) for claim in self._claims(front)]
        shared: list[Raw] = [speaker]
        commands = self._statements(page, front, said, speaker["speaker_id"], shared)
        checks = self._checks(front, said)
        retraction = part_of(front, "retraction")
        if retraction:
            commands += retracted(page, retraction, said, speaker, self.known, shared)
        counts = {"assertion": 1, "fact-check": sum(1 for _ in parts_of(front, "checks"))}
        return Row(
            number=None, commands=[*commands, *checks], shared=shared, file=str(page.path),
            columns=_COLUMNS, counts=counts | ({"retraction": 1} if retraction else {}),
        )  # fmt: skip

    # ── what was said ────────────────────────────────────────────────────────────────────────

    def _claims(self, front: Front) -> list[str]:
        claims = list_of(front, "claims")
        if not claims:
            raise Refused("It makes no claim.", field="claims", way_out="Name a claim.")
        return claims

    def _said(self, base: str, claim: str) -> Said:
        page = self.known.claims.get(claim)
        if page is None:
            raise Refused(
                f"There is no claim {claim}, or its page was refused.",
                field="claims",
                way_out=f"Add or mend claims/{claim}/_index.md.",
            )
        with in_field("claims"):
            title = text_of(page, "title", needed=True) or ""
        return Said(f"{base}.{short(claim)}", claim, title)

    def _statements(
        self, page: Page, front: Front, said: list[Said], speaker_id: str, shared: list[Raw]
    ) -> list[Raw]:
        """One statement for each claim, with a report for each source."""
        quote = text_of(front, "quote", needed=True)
        date = text_of(front, "date", needed=True)
        entries = list(parts_of(front, "sources"))
        sources = [source for entry in entries if (source := found_in(entry))]
        if not sources:
            raise Refused(
                "It has no source with an address or an id.",
                field="sources",
                way_out="Name where it was said, by its url.",
            )
        lacking = [text_of(entry, "type") or "" for entry in entries if not found_in(entry)]
        shared += [source.make for source in sources]
        made: list[Raw] = []
        for each in said:
            statement: Raw = {
                "command": "record_statement",
                "statement_id": each.statement_id,
                "speaker_id": speaker_id,
                "said_at": date,
                "proposition": each.title,
                "topics": self._topics(each.claim),
                "note": self._note(page, each, date or "", lacking),
                "reports": [
                    report_of(f"{each.statement_id}.r{at}", source, quote)
                    for at, source in enumerate(sources, 1)
                ],
            }
            if venue := text_of(front, "where"):
                statement["venue"] = venue
            made.append(statement)
        return made

    def _topics(self, claim: str) -> list[str]:
        """The claim itself, so that all who make it are found together, and its topics."""
        page = self.known.claims[claim]
        return list(dict.fromkeys([claim, *list_of(page, "topics"), *list_of(page, "themes")]))

    def _note(self, page: Page, said: Said, date: str, lacking: list[str]) -> str:
        """Who transcribed it, and what Factopolis says of the claim."""
        claim = self.known.claims[said.claim]
        parts = [f"Transcribed by Factopolis ({LICENCE}), {page.name}; its claim {said.claim}."]
        for label, text in (("In the negative", text_of(claim, "negative")),
                            ("Its summary", text_of(claim, "summary"))):  # fmt: skip
            if text:
                parts.append(f"{label}: {text}")
        about = list_of(claim, "subjects") + list_of(claim, "subject")
        if about:
            parts.append(f"About: {', '.join(about)}.")
        if related := list_of(claim, "related"):
            parts.append(f"Related claims: {', '.join(related)}.")
        parts += [f"A source of the type {kind} is listed without an address." for kind in lacking]
        if not page.slug.startswith(date):
            parts.append(f"The page is named {page.slug}, but dated {date}.")
        return "\n".join(parts)

    # ── who checked it ───────────────────────────────────────────────────────────────────────

    def _checks(self, front: Front, said: list[Said]) -> list[Raw]:
        """What fact-checkers say, of the claims that a check names, else of all of them."""
        made: list[Raw] = []
        for check in parts_of(front, "checks"):
            with in_field("checks"):
                named = list_of(check, "claims")
                if wrong := set(named) - {each.claim for each in said}:
                    raise Refused(
                        f"A check is of the claim {min(wrong)}, which this does not make.",
                        way_out="Name it under claims, or remove it there.",
                    )
                assessment = self._assessment(check)
                made += [
                    {"command": "assess_statement", "statement_id": each.statement_id, **assessment}
                    for each in said
                    if not named or each.claim in named
                ]
        return made

    def _assessment(self, check: Front) -> Raw:
        name = text_of(check, "checker", needed=True) or ""
        page = self.known.checkers.get(name)
        if page is None:
            raise Refused(
                f"There is no checker {name}, or its page was refused.",
                field="checker",
                way_out=f"Add or mend checker/{name}.md.",
            )
        made: Raw = {"assessor": text_of(page, "title", needed=True)}
        if given := text_of(check, "rating"):
            made["rating"] = rating_of(given, page)
        if url := text_of(check, "source"):
            made["url"] = url
        short_form, quote = text_of(check, "short"), text_of(check, "quote")
        if explanation := quote or short_form:
            made["explanation"] = explanation
        notes = [f"In short: {short_form}"] if quote and short_form else []
        notes += [
            f"Share the Facts: {known}"
            for key in ("sharethefacts", "share-the-facts")
            if (known := text_of(check, key))
        ]
        return made | ({"note": "\n".join(notes)} if notes else {})


def rating_of(given: str, checker: Front) -> Raw:
    """A rating with the name and the value that it has among those of its checker."""
    for each in parts_of(checker, "ratings"):
        if text_of(each, "id") == given:
            made: Raw = {"label": text_of(each, "name") or given}
            value = text_of(each, "value")
            try:
                return made | ({"value": int(Decimal(value))} if value else {})
            except (InvalidOperation, ValueError, OverflowError):
                return made
    return {"label": given}


_COLUMNS = {
    "said_at": "date", "proposition": "claims", "venue": "where", "topics": "topics",
    "reports": "quote", "url": "sources", "rating": "checks", "explanation": "checks",
    "assessor": "checks", "speaker_id": "person",
}  # fmt: skip
