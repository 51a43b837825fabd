"""A real browser for tests: Debian's Chromium without a window, one for all tests of a process.

Where there is none, tests that ask for it are skipped; with CLAIMS_NEED_BROWSER=1 they fail.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path(os.environ.get("CLAIMS_CHROMIUM", "/usr/bin/chromium"))
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
)  # fmt: skip
WIDTHS = (360, 1440)

Scheme = Literal["light", "dark"]


@contextmanager
def started_browser() -> Iterator[Browser]:
    """A browser; skips the test where there is none, unless one must be there."""
    if not CHROMIUM.exists():
        missing = f"{CHROMIUM} is not there"
        if os.environ.get("CLAIMS_NEED_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """A page that is looked at, with all that it asked for, said and was refused."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", self._dialog)

    def _dialog(self, dialog: Any) -> None:  # noqa: ANN401  playwright's own class
        self.said.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def overflow(self) -> int:
        """How many pixels the page is wider than the window."""
        wide: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide


@contextmanager
def visiting(
    browser: Browser, *, width: int = 1440, scheme: Scheme = "light", bypass_csp: bool = False
) -> Iterator[Visit]:
    """A window of its own, without cookies, offline but for local addresses.

    `bypass_csp` lets a test put its own script into the page, as axe-core needs.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=bypass_csp
    )
    context.route(_is_elsewhere, lambda route: route.abort())
    context.set_default_timeout(20_000)
    try:
        yield Visit(context)
    finally:
        context.close()


def _is_elsewhere(url: str) -> bool:
    return not url.startswith(("file:", "data:", "http://127.0.0.1:", "http://localhost:"))


def faults_of(visit: Visit, impacts: tuple[str, ...] = ("serious", "critical")) -> list[str]:
    """What axe-core finds wrong in a page, of an impact; it must have looked at something."""
    axe = import_module("axe_playwright_python.sync_playwright").Axe()  # it has no types
    found: dict[str, Any] = axe.run(visit.page, options={}).response
    assert len(found["passes"]) > 5, "axe-core looked at nothing"
    return [
        f"{fault['impact']}: {fault['help']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found["violations"]
        if fault["impact"] in impacts
    ]
