"""What somebody says of an article's source by hand, and what an edit changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from retrieval.domain.articles import ArticleShown, Source

EDITABLE: Final = ("title", "publisher", "published_at", "url")
"""The fields of `Source` that may be set by hand. The text never may."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What somebody typed of an article; None leaves a field as it is, and a dash takes away what is there."""

    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    link: str | None = None

    def __bool__(self) -> bool:
        """Whether anything was typed."""
        return any(typed is not None for typed in (self.title, self.publisher, self.date, self.link))


@dataclass(frozen=True, slots=True)
class Edited:
    """An article whose source was edited, or an edit of it undone: as it is now, and its source from before."""

    now: ArticleShown
    before: Source
    fields: tuple[str, ...]
