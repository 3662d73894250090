"""What an article tells of those it quotes: read once, and then the same for everybody who sees the article.

An article never changes while it has its id, and no id is used twice, so what was read of one can be kept.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive.schema import articles, quotation_speakers, quotations, speakers
from retrieval.archive.speakers.speaker_rows import PRINTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    _Row: TypeAlias = sa.Row[*tuple[Any, ...]]

Unit: TypeAlias = tuple[int, int]
"""A stored speaker, and an article: all that is quoted there under that name is one person's."""

_AT_ONCE: Final = 1000
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SpeakerMention:
    """How often one article quotes a stored speaker under one name, with one role and rank.

    `place` comes first to last as the article quotes.
    """

    unit: Unit
    key: str
    name: str
    role: str | None
    rank: str | None
    published_at: datetime | None
    place: int
    quotations: int

    @property
    def article(self) -> int:
        """Which article."""
        return self.unit[1]

    @property
    def dated(self) -> datetime:
        """The date of publication; an article without one is older than all others, never the newest."""
        return self.published_at or _LONG_AGO

    @property
    def order(self) -> tuple[datetime, int, int]:
        """That of time."""
        return self.dated, self.unit[1], self.place


@dataclass(frozen=True, slots=True)
class ArticleMentions:
    """All that one article tells; `together` are the units of each quotation of several speakers."""

    told: tuple[SpeakerMention, ...] = ()
    together: tuple[tuple[Unit, ...], ...] = ()


_NOTHING: Final = ArticleMentions()


def read(connection: sa.Connection, ids: Iterable[int]) -> dict[int, ArticleMentions]:
    """What some articles tell, by their ids."""
    found: dict[int, ArticleMentions] = {}
    asked = sorted(ids)
    for start in range(0, len(asked), _AT_ONCE):
        some = asked[start : start + _AT_ONCE]
        found.update(dict.fromkeys(some, _NOTHING))
        dates = sa.select(articles.c.id, articles.c.published_at).where(articles.c.id.in_(some))
        dated = {row.id: row.published_at for row in connection.execute(dates)}
        rows = connection.execute(_SAID.where(quotations.c.article_id.in_(some)))
        for article, said in groupby(rows, attrgetter("article_id")):
            found[article] = _told(article, list(said), dated[article])
    return found


_SPOKEN: Final = quotation_speakers.c
_SAID: Final = (
    sa.select(
        quotations.c.article_id,
        quotations.c.id,
        _SPOKEN.speaker_id,
        speakers.c.key,
        PRINTED.label("name"),
        _SPOKEN.role,
        _SPOKEN.rank,
    )
    .join_from(quotations, quotation_speakers)
    .join(speakers)
    .order_by(quotations.c.article_id, quotations.c.content_start, _SPOKEN.ordinal, quotations.c.id)
)


def _told(
    article: int,
    rows: Sequence[_Row],
    published: datetime | None,
) -> ArticleMentions:
    """From the rows of one article, in the order of print. The same text is the same object, wherever it is told."""
    counted = Counter[tuple["Unit", str, str, str | None, str | None]]()
    units: dict[int, Unit] = {}
    together: dict[int, list[Unit]] = defaultdict(list)
    for _, quotation, speaker, key, name, role, rank in rows:
        unit = units.setdefault(speaker, (speaker, article))
        counted[unit, sys.intern(key), sys.intern(name), role and sys.intern(role), rank and sys.intern(rank)] += 1
        together[quotation].append(unit)
    told = tuple(
        SpeakerMention(*printed, published, place, times) for place, (printed, times) in enumerate(counted.items())
    )
    return ArticleMentions(told, tuple(tuple(several) for several in together.values() if len(several) > 1))
