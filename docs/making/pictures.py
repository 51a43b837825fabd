"""Renews the pictures of the README: pages of the seeds' ledger, as a browser shows them.

`make pictures`; it needs Chromium, at /usr/bin/chromium or where CLAIMS_CHROMIUM says.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parents[1] / "pictures"
CLAIMS = Path(sys.executable).with_name("claims")
WIDTH, HEIGHT = 1200, 860

# Of each picture the page, and the part of it that is shown; None for what a window shows first.
PAGES = {
    "overview": ("/", None),
    "statement": ("/statements/kabulov-2017-12-number", None),
    "source": ("/sources/tca-2018-02", None),
    "estimates": ("/measures/daesh-fighters-afghanistan", "figure svg"),
}


def main() -> None:
    """Make a ledger of the seeds, serve it, and take a picture of each page."""
    PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as made:
        ledger = Path(made) / "ledger"
        home = os.environ | {"XDG_CONFIG_HOME": f"{made}/config"}
        command = [CLAIMS, "demo", ledger]
        subprocess.run(command, env=home, check=True, capture_output=True)  # noqa: S603  our own
        with served(ledger) as address:
            take(address)


@contextmanager
def served(ledger: Path) -> Iterator[str]:
    """The address of a server of the ledger."""
    command = [str(CLAIMS), "--ledger", str(ledger), "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603  our own
        assert server.stderr is not None, "a pipe was asked for"
        said = server.stderr.readline()
        try:
            yield said.partition("at ")[2].partition("/ (")[0]
        finally:
            server.terminate()


def take(address: str) -> None:
    """Take the pictures."""
    chromium = os.environ.get("CLAIMS_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",
        )
        for name, (path, part) in PAGES.items():
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            shown = page.locator(part) if part else page
            shown.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
