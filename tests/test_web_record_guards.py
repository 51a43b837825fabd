"""Recording over HTTP: who is let in, what is turned away, and that nothing is recorded twice."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import httpx
import pytest
from cli_tools import call, claims, events
from record_tools import SPEAKER, Sender, Served, new_ledger, served

QUOTE = "at least 200 camps in the north"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A ledger and the home of its key."""
    room = tmp_path_factory.mktemp("record")
    return new_ledger(room / "ledger", room / "home"), room / "home"


@pytest.fixture(scope="module")
def server(ready: tuple[Path, Path]) -> Iterator[Served]:
    """A server that may be written to by whoever has its token."""
    with served(*ready, "--write", "--actor", "ana") as made:
        yield made


@pytest.fixture(scope="module")
def sender(server: Served) -> Iterator[Sender]:
    """Somebody who came in with the token."""
    with Sender(server) as made:
        made.enter()
        yield made


def filled(sender: Sender, **values: str) -> dict[str, str]:
    """A form that can be recorded, but for some values."""
    usual = {"quote": QUOTE, "speaker": "A Second Official", "said_at": "2018-02"}
    return sender.form() | usual | values


# ── coming in ────────────────────────────────────────────────────────────────────────────────


def test_nothing_may_be_written_without_being_asked_for(ready: tuple[Path, Path]) -> None:
    """Without `--write` there is no address to write to, and no page that speaks of one."""
    with served(*ready) as closed, httpx.Client(base_url=closed.base) as client:
        for path in ("/record", "/record?token=", "/record?source=first"):
            assert client.get(path).status_code == 404
            assert client.post(path, content=b"do=record").status_code in (404, 405)
        page = client.get("/sources/first").text
        assert not re.findall(r'(?:href|src|action)="[^"]*/record', page)
        assert client.post("/sources/first").status_code == 405


def test_the_token_opens_a_session_and_goes_out_of_the_address(server: Served) -> None:
    """The cookie is no script's, no other site's, and not the token."""
    got = httpx.get(f"{server.entrance}&source=first")

    assert (got.status_code, got.headers["location"]) == (303, "/record?source=first")
    cookie = got.headers["set-cookie"]
    assert server.token not in cookie
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))


def test_a_wrong_token_opens_nothing(server: Served) -> None:
    """It takes a second, says what to do, and keeps nobody from the right one."""
    wrong = f"{server.base}/record"
    with ThreadPoolExecutor(14) as pool:
        began = time.monotonic()
        tries = [pool.submit(httpx.get, wrong, params={"token": f"x{n}é"}) for n in range(12)]
        time.sleep(0.2)
        assert httpx.get(server.entrance).status_code == 303
        assert time.monotonic() - began < 0.9
        answers = [each.result() for each in tries]

    assert {each.status_code for each in answers} == {403, 429}
    assert not any("set-cookie" in each.headers for each in answers)
    assert all("claims serve --write" in each.text for each in answers)


def test_without_a_session_there_is_no_form(server: Served) -> None:
    """The page says how to get one; a cookie that was made up is none."""
    name = httpx.get(server.entrance).headers["set-cookie"].partition("=")[0]
    for cookie in ("", "x", "x.y", "é.é"):
        jar = {b"cookie": f"{name}={cookie}".encode()}
        got = httpx.get(f"{server.base}/record", params={"source": "first"}, headers=jar)
        assert got.status_code == 403
        assert "printed" in got.text
        assert "<textarea" not in got.text


# ── sending ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://["},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "", "sec_fetch_site": "none"},
    ],
)
def test_a_form_of_another_site_is_turned_away(sender: Sender, headers: dict[str, str]) -> None:
    """Whatever it holds: cookie and seal are right, but the page that sent it is not ours."""
    fields = filled(sender)
    size = sender.server.size()

    assert sender.send(fields, **headers).status_code == 403
    assert sender.server.size() == size


def test_a_browser_that_names_no_origin_may_say_that_it_is_the_same(sender: Sender) -> None:
    """Fetch Metadata stand for the Origin that a browser leaves out."""
    got = sender.send(filled(sender), "check", origin="", sec_fetch_site="same-origin")
    assert got.status_code == 200


def test_a_form_without_its_session_is_turned_away(sender: Sender) -> None:
    """Neither without the cookie, nor with the seal of another session or form, nor by GET."""
    server, size = sender.server, sender.server.size()
    fields = filled(sender)
    with Sender(server) as other:
        assert other.send(fields).status_code == 403
        other.enter()
        stolen = other.send(fields)
        assert stolen.status_code == 403
        assert "earlier session" in stolen.text
        assert QUOTE in stolen.text  # what was typed is there to be sent again
        for seal in ("", "0" * 64, "é", other.form()["seal"]):
            assert sender.send(fields | {"seal": seal}).status_code == 403
    got = sender.client.get("/record", params={**fields, "do": "record"})
    assert got.status_code == 200
    assert server.size() == size


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"do": "record"}', "application/json", 415),
        (b"do=record", "text/plain", 415),
        (b"do=record", "multipart/form-data; boundary=x", 415),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"do", "application/x-www-form-urlencoded", 400),
        (b"do=%ff", "application/x-www-form-urlencoded", 400),
        ("do=é".encode(), "application/x-www-form-urlencoded", 400),
        (b"do=record", "application/x-www-form-urlencoded", 400),
        (b"form=a&form=b", "application/x-www-form-urlencoded", 400),
        (b"form=../x", "application/x-www-form-urlencoded", 400),
        (b"form=a&measure-99=x", "application/x-www-form-urlencoded", 400),
        (b"form=a&__class__=x", "application/x-www-form-urlencoded", 400),
        (b"&".join(b"a%d=x" % n for n in range(2000)), "application/x-www-form-urlencoded", 400),
        (b"quote=" + b"x" * (1 << 20), "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_form_is_turned_away(
    sender: Sender, body: bytes, kind: str, status: int
) -> None:
    """Each with its status, a sentence and a way out, and never a fault of ours."""
    size = sender.server.size()
    headers = {"origin": sender.server.base, "content-type": kind}
    got = sender.client.post("/record", content=body, headers=headers)

    assert got.status_code == status
    assert re.search(r'<div class="fault">\s*<h1>.+</h1>\s*<p>.+</p>', got.text)
    assert sender.server.size() == size


# ── recording ────────────────────────────────────────────────────────────────────────────────


def test_a_form_records_once(sender: Sender) -> None:
    """A double click, at the same time, and a form sent again hours later are one statement."""
    server, size = sender.server, sender.server.size()
    fields = filled(sender, **{"measure-1": "Camps", "value-1": ">= 200", "unit-1": "camps"})
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: sender.send(fields), range(4)))
    answers.append(sender.send(fields))

    assert {each.status_code for each in answers} == {303}
    assert len({each.headers["location"] for each in answers}) == 1
    assert [each["type"] for each in events(server.ledger)[size:]] == [
        "claims.speaker.registered.v1",
        "claims.measure.defined.v1",
        "claims.statement.recorded.v1",
    ]
    assert {(each["actor"], each["agent"]) for each in events(server.ledger)[size:]} == {
        ("ana", "person")
    }
    assert "Recorded at position" in sender.client.get(answers[0].headers["location"]).text


@pytest.mark.parametrize("change", [{"proposition": "Another."}, {"quote": "at least 200 camps"}])
def test_a_form_that_was_changed_after_it_was_recorded_is_a_conflict(
    sender: Sender, change: dict[str, str]
) -> None:
    """What was typed anew is not passed over in silence, and not recorded beside the first."""
    fields = filled(sender, speaker=f"Somebody {len(change)}{next(iter(change))}")
    assert sender.send(fields).status_code == 303
    size = sender.server.size()

    got = sender.send(fields | change)
    assert got.status_code == 409
    assert "recorded" in got.text
    assert "claims revise" in got.text
    assert sender.server.size() == size


def test_a_report_is_recorded_once_with_its_numbers(sender: Sender) -> None:
    """Sent again it is the same; with another number, or with one less, it is a conflict."""
    report = {"kind_of": "report", "report_of": "known", "speaker": "", "value-1": ">= 200"}
    fields = filled(sender, **report, **{"measure-1": "fighters", "words-1": "at least 200"})
    size = sender.server.size()
    assert sender.send(fields).status_code == 303
    assert sender.send(fields).headers["location"].startswith("/statements/known?recorded=")
    types = [each["type"] for each in events(sender.server.ledger)[size:]]
    assert types == ["claims.report.added.v1", "claims.estimate.added.v1"]

    for change in ({"value-1": "200"}, {"value-1": "", "measure-1": "", "words-1": ""}):
        got = sender.send(fields | change)
        assert got.status_code == 409
        assert "it was changed since" in got.text
    assert sender.server.size() == size + 2


def test_the_actor_is_the_one_in_the_form(sender: Sender) -> None:
    """The server's own stands in it to begin with."""
    fields = filled(sender, speaker="A Guest Official")
    assert fields["actor"] == "ana"
    assert sender.send(fields | {"actor": "ben"}).status_code == 303
    assert sender.server.last()["actor"] == "ben"


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"quote": ""}, "quote", "missing"),
        ({"quote": "at least 300 camps in the north"}, "quote", "the nearest passage, on line 6"),
        ({"quote": "number of fighters exceeds 10,000"}, "quote", "stand 2 times"),
        ({"speaker": ""}, "speaker", "Who says it?"),
        ({"speaker": "Zamir Exampel"}, "speaker", "is new, but like a speaker"),
        ({"speaker": "no-such-id"}, "speaker", "No speaker has the id or name"),
        ({"said_at": "yesterday"}, "said_at", "date"),
        ({"speech_act": "sing"}, "speech_act", "is not a word for speech_act"),
        ({"via": "nobody-there"}, "via", "No speaker or source"),
        ({"source": "nowhere"}, "source", "No source has the id"),
        ({"source": ""}, "source", "Which source"),
        ({"actor": ""}, "actor", "Who records this?"),
        ({"note": "a\x07b"}, "note", "control character"),
        ({"speaker": "a\x07b"}, "speaker", "control character"),
        ({"value-2": "> 200"}, "measure-2", "A number of what?"),
        ({"measure-2": "fighters"}, "value-2", "The number is missing"),
        ({"measure-1": "fighters", "value-1": "lots"}, "value-1", "is not a figure"),
        ({"measure-1": "fighters", "value-1": "300"}, "words-1", "say 200; the value says 300"),
        ({"measure-1": "Fightrs", "value-1": "200"}, "measure-1", "like a measure that is there"),
        ({"measure-1": "fighters", "value-1": "200", "period-1": "x"}, "period-1", "date"),
        ({"kind_of": "report", "report_of": ""}, "report_of", "Which statement"),
        ({"kind_of": "report", "report_of": "none-such"}, "report_of", "No statement has the id"),
        ({"kind_of": "report", "report_of": "'; drop"}, "report_of", "No statement has the id"),
    ],
)
@pytest.mark.sampled(3)
def test_what_is_refused_is_told_at_its_field(
    sender: Sender, values: dict[str, str], field: str, words: str
) -> None:
    """In the command line's words, with all that was typed, and nothing written."""
    size = sender.server.size()
    fields = filled(sender, speaker=SPEAKER, proposition="Kept as typed.") | values
    got = sender.send(fields)

    assert got.status_code == 422
    told = re.search(f'id="{field}-wrong">(.*?)</p>', got.text, re.DOTALL)
    assert told, re.findall(r'id="(\S+-wrong)"', got.text)
    assert words in unescape(re.sub("<[^>]+>", "", told[1])), told[1]
    at_fault = re.search(f'<(?:input|textarea|select) id="{field}"[^>]*>', got.text)
    assert at_fault
    assert 'aria-invalid="true"' in at_fault[0]
    assert f'aria-describedby="{field}-wrong' in at_fault[0]
    assert "autofocus" in at_fault[0]
    assert "Kept as typed." in got.text
    assert sender.server.size() == size


HOSTILE = {
    "markup": (
        "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
        "{{ 7*7 }}{% raw %}</textarea><b id=hostile>"
    ),
    "letters": "abc\u202edef\u2066ghi 👩‍👩‍👧‍👦 𝕏 ߷",
    "long": "x" * (64 << 10),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_text(sender: Sender, text: str) -> None:
    """In every field, shown again in the form and told of in a fault: never markup."""
    blank = filled(sender)
    names = [name for name in blank if name not in ("form", "seal", "seen", "place")]
    every = names if len(text) < 1000 else ["quote", "speaker", "attributed_to", "value-1"]
    for some in (every, ["proposition", "note"], ["measure-1", "actor"]):
        fields = blank | dict.fromkeys(some, text)
        for order in ("check", "find" if some is every else text[:200]):
            got = sender.send(fields, order)
            assert got.status_code in (200, 400, 422), got.text[:2000]
            assert "49" not in re.findall("{{(.*?)}}", got.text)
            for bad in ("<script>alert", "<img src=x", "<b id=hostile"):
                assert bad not in got.text
            assert got.text.count("</textarea>") == 3


def test_hostile_words_are_recorded_as_they_are(sender: Sender) -> None:
    """What the command line keeps is kept, letter by letter, and shown as text."""
    text = "<script>alert(1)</script> \"'> \u202e 👩‍👩‍👧‍👦"
    fields = filled(sender, speaker=text, proposition=text, note=text, topics=text, actor=text)
    got = sender.send(fields | {"measure-1": text, "value-1": ">= 200", "unit-1": text})

    assert got.status_code == 303
    last = sender.server.last()
    assert (last["data"]["proposition"], last["data"]["note"], last["actor"]) == (text,) * 3
    page = sender.client.get(got.headers["location"])
    assert page.status_code == 200
    assert "<script>alert" not in page.text


# ── beside others ────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_others_record_at_the_same_time(sender: Sender) -> None:
    """`claims add` in another process and forms in the browser take turns; all of it is kept."""
    server, size = sender.server, sender.server.size()

    def by_form(number: int) -> int:
        return sender.send(filled(sender, speaker=f"Browser {number}")).status_code

    def by_command(number: int) -> int:
        words = ["add", "--source", "first", "-s", f"Terminal {number}", "-q", QUOTE, "--new"]
        return claims(*words, ledger=server.ledger, env=server.env).code

    with ThreadPoolExecutor(4) as pool:
        forms = [pool.submit(by_form, number) for number in range(3)]
        commands = [pool.submit(by_command, number) for number in range(3)]
        assert [each.result() for each in commands] == [0, 0, 0]
        answers = [each.result() for each in forms]

    # The names are alike: whoever comes later is asked whether it is another one.
    assert set(answers) <= {303, 422}
    made = [each["type"] for each in events(server.ledger)[size:]]
    assert made.count("claims.statement.recorded.v1") == 3 + answers.count(303)
    shown = sender.client.get("/statements?format=json").json()["statements"]
    assert {f"Terminal {n}" for n in range(3)} <= {row["speaker"] for row in shown}


@pytest.mark.slow
def test_all_that_was_recorded_verifies(sender: Sender) -> None:
    """The ledger that these tests wrote to is clean."""
    done = call("verify", ledger=sender.server.ledger)
    assert done.code == 0, done.text + done.err


@pytest.mark.slow
def test_without_the_key_it_says_so(ready: tuple[Path, Path], tmp_path: Path) -> None:
    """Whose key is elsewhere may look at what would be recorded, and is told what to bring."""
    with served(ready[0], tmp_path / "elsewhere", "--write") as server:
        size = server.size()
        with Sender(server) as sender:
            sender.enter()
            fields = filled(sender, speaker="An Official Without Key")
            assert "This would be recorded" in sender.send(fields, "check").text
            got = sender.send(fields)

        assert got.status_code == 422
        assert "claims key import" in got.text
        assert "An Official Without Key" in got.text
        assert server.size() == size


@pytest.mark.slow
def test_a_ledger_that_is_held_by_another_is_told(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a few seconds, with all that was typed; other pages answer meanwhile."""
    from ledger.api import Ledger

    monkeypatch.setenv("XDG_CONFIG_HOME", str(sender.server.home))
    fields = filled(sender, speaker="A Patient Official")
    with (
        Ledger.open(sender.server.ledger) as other,
        other.session(),
        ThreadPoolExecutor(1) as pool,
    ):
        waiting = pool.submit(sender.send, fields)
        time.sleep(0.5)
        began = time.monotonic()
        assert httpx.get(f"{sender.server.base}/sources").status_code == 200
        assert time.monotonic() - began < 2
        got = waiting.result()

    assert got.status_code == 503
    assert "Another writer" in got.text
    assert "A Patient Official" in got.text
    assert sender.send(fields).status_code == 303
