"""What somebody says of an article's source by hand, and what an edit changed."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from retrieval.domain.wording import day_or_minute
from retrieval.translation import gettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from retrieval.domain.articles import ArticleShown, Source

EDITABLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": gettext_noop("headline"),
        "publisher": gettext_noop("publisher"),
        "published_at": gettext_noop("date"),
        "url": gettext_noop("link"),
    }
)
"""The fields of `Source` that may be edited, and what people call them. The text never may."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What somebody typed about an article; None leaves a field as it is, and a dash removes its value."""

    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    link: str | None = None

    def __bool__(self) -> bool:
        """Whether anything was typed."""
        return any(typed is not None for typed in (self.title, self.publisher, self.date, self.link))


NO_CLAIMS: Final = Claims()
"""For an article about which nothing was typed."""


@dataclass(frozen=True, slots=True)
class Edited:
    """An article after its source was edited, or an edit undone, with its source before."""

    now: ArticleShown
    before: Source
    fields: tuple[str, ...]

    def changes(self) -> tuple[tuple[str, str, str], ...]:
        """The name of each field, and its value before and now."""
        return changes(self.before, self.now.article.source, self.fields)


def changes(before: Source, after: Source, fields: Iterable[str]) -> tuple[tuple[str, str, str], ...]:
    """The name of each field, and its value in the one source and in the other."""
    return tuple((EDITABLE[name], _shown(getattr(before, name)), _shown(getattr(after, name))) for name in fields)


def _shown(value: str | datetime | None) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else day_or_minute(value)
