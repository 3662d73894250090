"""The texts that the pages carry: news of places that do not exist, in ten languages, and the furniture around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).with_name("stories")


@dataclass(frozen=True, slots=True)
class Story:
    """An article as its author filed it, and what a site puts around it."""

    headline: str
    authors: tuple[str, ...]
    publisher: str
    language: str
    blocks: tuple[str, ...]
    """Paragraphs; before a subheading stands `## `, before an item of a list `- `, before a quoted one `> `."""
    navigation: tuple[str, ...]
    related: tuple[str, str]
    caption: str
    cookies: str
    newsletter: str
    comment: str

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """What a reader sees of the blocks."""
        return tuple(re.sub(r"^(?:##|-|>) ", "", block) for block in self.blocks)

    @property
    def body(self) -> str:
        """The paragraphs as the archive keeps them."""
        return "\n\n".join(self.paragraphs)


def story(name: str) -> Story:
    """The story in `stories/NAME.txt`: head, body and furniture, parted by lines of three hyphens."""
    head, body, around = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n---\n")
    headline, authors, publisher, language = head.splitlines()
    navigation, first, second, caption, cookies, newsletter, comment = around.strip().splitlines()
    return Story(
        headline=headline,
        authors=tuple(authors.split(", ")),
        publisher=publisher,
        language=language,
        blocks=tuple(re.split(r"\n\n|\n(?=- )", body)),
        navigation=tuple(navigation.split(" | ")),
        related=(first, second),
        caption=caption,
        cookies=cookies,
        newsletter=newsletter,
        comment=comment,
    )
