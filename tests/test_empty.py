"""An empty view file is kept for the next process, and not believed where a byte changed."""

from functools import partial
from pathlib import Path

import pytest

from projections import build, catalog, empty
from projections.empty import KEPT, kept_or_made


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return empty.cache_folder()


def never() -> bytes:
    """Fails where a file is made that should have been found."""
    raise AssertionError("made again")


def test_it_is_made_once(cache: Path) -> None:
    """The second process finds what the first one made, as it was."""
    made = build.make_empty_file()
    assert kept_or_made(lambda: made) == made
    assert kept_or_made(never) == made
    assert [path.stat().st_mode & 0o077 for path in (cache,)] == [0]


@pytest.mark.parametrize("at", [0, 31, 32, -1])
def test_a_byte_that_changed_is_noticed(cache: Path, at: int) -> None:
    """What does not have its own digest is made again, and kept anew."""
    kept_or_made(lambda: b"whole")
    (path,) = cache.iterdir()
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert kept_or_made(lambda: b"again") == b"again"
    assert kept_or_made(never) == b"again"


def test_other_code_makes_its_own(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of other code is not used; a few are kept side by side."""
    for code in map(str, range(KEPT + 2)):
        monkeypatch.setattr(catalog, "code_digest", partial(str, code))
        assert kept_or_made(code.encode) == code.encode()
    assert len(list(cache.iterdir())) == KEPT


def test_without_a_cache_it_is_made(cache: Path) -> None:
    """Where nothing can be kept there, nothing is."""
    cache.parent.parent.mkdir(parents=True)
    cache.parent.write_text("a file, where a folder should be")
    assert kept_or_made(lambda: b"made") == b"made"
