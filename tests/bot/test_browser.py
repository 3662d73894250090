"""From the command line to the pixels: the real bot over the seeds, in a browser, at both widths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.browser import CHROMIUM, DESKTOP, PHONE, Visitor, browser, preview
from tests.support.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no browser at {CHROMIUM}"),
]

ANSWER = "prompting Prime Minister Benjamin Netanyahu to cancel a high-level delegation"
QUOTED = "These are two leaders who have known each other for going on now four decades"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    light = sized({"EMBEDDING_RUNTIME": "onnx", "QUOTATION_PARSER": "rules"}, {})
    with preview(tmp_path_factory.mktemp("preview") / "archive.sqlite3", **light) as running:
        yield running


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_newcomer_asks_reads_on_and_quotes(address: str, width: int, tmp_path: Path) -> None:
    with browser(width) as page:
        visitor = Visitor(page, address)
        asked = visitor.command("ask", "why was the delegation cancelled")
        assert ANSWER in asked
        assert "The Hill (Nexstar) · March 25, 2024" in asked
        assert ANSWER in visitor.newest.locator("blockquote strong").first.inner_text()
        visitor.picture(tmp_path / f"ask-{width}.png")

        more = visitor.press("More passages", "Passage 2 of")
        assert ANSWER in more
        visitor.picture(tmp_path / f"more-{width}.png")

        quoted = visitor.command("quote", "Ki", pick="John Kirby")
        assert "John Kirby, White House spokesperson" in quoted
        assert QUOTED in quoted
        assert not any(card.is_visible() and overflows(card) for card in visitor.answers.all())
        visitor.picture(tmp_path / f"quote-{width}.png")


def overflows(card: object) -> bool:
    """Whether something stands out on the right of a message."""
    return bool(card.evaluate("element => element.scrollWidth > element.clientWidth + 1"))  # type: ignore[attr-defined]  # a locator
