"""The export of a server's own articles, in files that Discord takes."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from bot.refusals import Refused
from bot.render import articles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.render.reply import Reply
    from retrieval.domain.scope import Scope
    from retrieval.newsroom import Newsroom

_EXPORTS_AT_ONCE: Final = 2
"""Exports of all servers that are sent at the same time: each holds megabytes until Discord has taken them."""


class ExportSlots:
    """Limits exports to one of each server, and a few in all. For one event loop."""

    def __init__(self) -> None:
        self.slot = asyncio.Semaphore(_EXPORTS_AT_ONCE)
        """Entered before the first part is made, and left when the last one was taken."""
        self._exporting: set[int] = set()

    @contextmanager
    def claimed(self, server: int) -> Iterator[bool]:
        """Yield whether this is the server's only export; it counts, running or waiting, until the block ends."""
        is_only = server not in self._exporting
        self._exporting.add(server)
        try:
            yield is_only
        finally:
            if is_only:
                self._exporting.discard(server)


def export_parts(newsroom: Newsroom, home: Scope, since: str | None, until: str | None) -> Iterator[Reply]:
    """Yield the server's own articles as messages with a file; each part is read when it is asked for.

    Raises QuestionRejected for what is no day, and Refused where there is nothing to export.
    """
    after, scope = 0, newsroom.narrowed(home, None, since, until)
    for number in range(articles.EXPORT_PARTS):
        part = newsroom.articles.export(scope, after)
        if not part.articles:
            raise Refused("bot.nothing_to_export")
        yield articles.exported(part, number=number, name=f"articles-{home.server}")
        if part.rest is None:
            return
        after = part.rest
