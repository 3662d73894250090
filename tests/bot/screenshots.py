"""`python -m tests.bot.screenshots FOLDER` makes the README's pictures of the two answers from the preview."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bot.browser import Visitor, browser, preview

WIDTH, HEIGHT = 720, 1000
PARAGRAPHS = "blockquote p + p { margin-top: 1.2em !important }"
"""Discord shows the empty line between two paragraphs of a quotation, the preview's page does not."""


def main(folder: Path) -> None:
    """Writes `ask.png` and `quote.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as scratch,
        preview(Path(scratch) / "archive.sqlite3") as address,
        browser(WIDTH, HEIGHT) as page,
    ):
        visitor = Visitor(page, address)
        page.evaluate(
            "rule => document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length)", PARAGRAPHS
        )
        visitor.command("ask", "why was the delegation cancelled")
        visitor.picture(folder / "ask.png", message=True)
        visitor.command("quote", "Ki", pick="John Kirby")
        visitor.picture(folder / "quote.png", message=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:  # the program and the folder
        sys.exit("usage: python -m tests.bot.screenshots FOLDER")
    main(Path(sys.argv[1]))
