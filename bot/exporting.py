"""An export of a server's own articles, as it is handed over part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.render import articles

if TYPE_CHECKING:
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import Exported
    from retrieval.domain.readers import Reader


class Export:
    """The parts, one after the other."""

    def __init__(self, service: Service, home: Reader, since: str | None, until: str | None) -> None:
        self._newsroom = service.newsroom
        self._home = home
        self._days = since, until
        self._number = 0

    def next(self, last: Exported | None) -> Exported | None:
        """The part after the last one; None where there is none, or enough was handed over."""
        if last is not None and (last.rest is None or self._number == articles.EXPORT_PARTS):
            return None
        narrowed = self._newsroom.narrowed(self._home, None, *self._days)
        return self._newsroom.desk.export(narrowed, 0 if last is None or last.rest is None else last.rest)

    def shown(self, part: Exported) -> Reply:
        """The part as a message with a file."""
        self._number += 1
        return articles.exported(part, number=self._number - 1, name=f"articles-{self._home.server}")
