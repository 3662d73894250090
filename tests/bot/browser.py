"""A person at the preview page: the real process, a real browser, the keys and buttons that a person presses."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

CHROMIUM = Path("/usr/bin/chromium")
DESKTOP, PHONE = 1280, 390
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_STOP_SECONDS = 30
_ACTION_MILLISECONDS = 20_000


@contextmanager
def preview(archive: Path, **settings: str) -> Iterator[str]:
    """`python -m bot --preview` over an archive of its own; yields the page's address, and stops it with SIGTERM."""
    own = {"ARCHIVE_PATH": str(archive), "COOLDOWN_SECONDS": "0", "PYTHONUNBUFFERED": "1"}
    environment = {**os.environ, **own, **settings}
    command = [sys.executable, "-m", "bot", "--preview"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            addresses = (re.search(r"http://127\S+", line) for line in process.stdout)
            found = next(filter(None, addresses), None)
            assert found is not None, "the preview ended before it printed its address"
            yield found[0]
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(_STOP_SECONDS)
    assert code == 0


@contextmanager
def browser(width: int, height: int = 900, scale: float = 1) -> Iterator[Page]:
    """A window of the given size."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS)
        page = chromium.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
        page.set_default_timeout(_ACTION_MILLISECONDS)
        expect.set_options(timeout=_ACTION_MILLISECONDS)
        yield page
        chromium.close()


class Visitor:
    """Somebody who types commands into the page and reads what comes."""

    def __init__(self, page: Page, address: str) -> None:
        self._page = page
        page.goto(address)
        expect(self._composer).to_be_visible()
        # The page then tells the server its size, and redraws: a command that is being typed meanwhile loses its value.
        expect(page.get_by_text("Viewport updated")).to_be_attached()
        self._settled()

    @property
    def _composer(self) -> Locator:
        return self._page.locator("#channel-composer-input")

    @property
    def answers(self) -> Locator:
        """The messages, oldest first."""
        return self._page.locator(".channel-message")

    @property
    def newest(self) -> Locator:
        """The last message."""
        return self.answers.last

    def command(self, name: str, value: str, *, pick: str | None = None) -> str:
        """Types a command and its option, picks a completion where one is named, sends; returns the answer's text."""
        before = self.answers.count()
        self._composer.click()
        self._page.keyboard.type(f"/{name}")
        expect(self._page.get_by_role("option", name=f"/{name}")).to_be_visible()
        self._page.keyboard.press("Tab")
        option = self._page.locator(".command-option-input").first
        expect(self._page.locator(".command-chip")).to_be_visible()
        if not option.count():  # none is required: the first of the list is picked
            self._page.keyboard.press("Enter")
        expect(option).to_be_focused()
        self._page.keyboard.type(value)
        expect(option).to_have_value(value)
        if pick is not None:
            self._pick(value, pick)
        self._page.keyboard.press("Enter")
        try:
            expect(self.answers).to_have_count(before + 1)
        except AssertionError as error:
            message = f"no answer came; the page says:\n{self._page.inner_text('body')}"
            raise AssertionError(message) from error
        expect(self._composer).to_be_visible()
        return self.newest.inner_text()

    def _pick(self, typed: str, name: str) -> None:
        """Takes a completion once the list is the one for all that was typed, and waits until the page has it."""
        option = self._page.get_by_role("option", name=name)
        expect(self._page.get_by_text(f"options matching {typed}")).to_be_visible()
        expect(option).to_be_visible()
        self._page.keyboard.press("Enter")
        expect(option).to_have_count(0)
        self._settled()

    def _settled(self) -> None:
        """Waits until the page waits for nothing."""
        expect(self._page.locator('[aria-busy="true"]')).to_have_count(0)

    def press(self, label: str, awaited: str) -> str:
        """Presses a button of the last message and waits for a text to be there; returns the message's text."""
        self.newest.get_by_role("button", name=label).click()
        expect(self.newest).to_contain_text(awaited)
        return self.newest.inner_text()

    def picture(self, path: Path, *, message: bool = False) -> None:
        """Saves the window, or only its last message."""
        self.newest.scroll_into_view_if_needed()
        target = self.newest if message else self._page
        target.screenshot(path=path)
