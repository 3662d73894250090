"""The articles that the fixture pages carry: news of places that do not exist, in ten languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tests.support.paths import FIXTURES

_BLOCKS: Final = re.compile(r"\n\n|\n(?=- )")
_MARK: Final = re.compile(r"^(?:##|-|>) ")
"""Of a subheading, an item of a list, a quoted paragraph."""


@dataclass(frozen=True, slots=True)
class Story:
    """An article as its author filed it."""

    headline: str
    authors: tuple[str, ...]
    publisher: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        """The paragraphs as the archive keeps them."""
        return "\n\n".join(self.paragraphs)


def story(name: str) -> Story:
    """Return the story in `fixtures/stories/NAME.txt`: headline, authors, publisher, a line of hyphens, the text."""
    head, body = (FIXTURES / "stories" / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n").split("\n---\n")
    headline, authors, publisher = head.splitlines()
    paragraphs = tuple(_MARK.sub("", block) for block in _BLOCKS.split(body))
    return Story(headline, tuple(authors.split(", ")), publisher, paragraphs)
