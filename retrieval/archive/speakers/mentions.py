"""Whom an article quotes and how often: read once, and the same for every scope that sees the article.

An article's text never changes while it has its id, and no id is used twice, so what was read of one can be kept until
another version of the extractor finds other quotations in it.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive.records import HALF
from retrieval.archive.schema import articles, quotation_speakers, quotations, speakers
from retrieval.archive.speakers.speaker_rows import PRINTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    _Row: TypeAlias = sa.Row[*tuple[Any, ...]]

Unit: TypeAlias = tuple[int, int]
"""A stored speaker, and an article: all that is quoted there under that name is one person's."""

_BATCH: Final = 1000
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
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


NONE_TWICE: Final[Mapping[int, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SpeakerMention:
    """How often one article quotes a stored speaker under one name, with one role and rank.

    `place` counts an article's mentions in the order of print; articles with the same `text` print the same quotations.
    """

    unit: Unit
    key: str
    name: str
    role: str | None
    rank: str | None
    published_at: datetime | None
    place: int
    quotations: int
    text: str

    @property
    def article(self) -> int:
        """The article's id."""
        return self.unit[1]

    @property
    def published_or_oldest(self) -> datetime:
        """The date of publication, or the earliest datetime for an undated article."""
        return self.published_at or _LONG_AGO

    @property
    def order(self) -> tuple[datetime, int, int]:
        """The sort key for the order of time."""
        return self.published_or_oldest, self.unit[1], self.place


@dataclass(frozen=True, slots=True)
class ArticleMentions:
    """The mentions of one article; `joint` are the units of each quotation that has several speakers.

    `extractor` is the version of the extractor that found the quotations.
    """

    mentions: tuple[SpeakerMention, ...] = ()
    joint: tuple[tuple[Unit, ...], ...] = ()
    extractor: int = 0


def count_quotations(mentions: Iterable[SpeakerMention], twice: Mapping[int, int] = NONE_TWICE) -> int:
    """Count quotations, those of a text that several articles print once.

    `twice` is how many an article has too many, since two of the mentions are of one quotation.
    """
    of_article, texts = Counter[int](), dict[int, str]()
    for mention in mentions:
        of_article[mention.article] += mention.quotations
        texts[mention.article] = mention.text
    of_text = Counter[str]()
    for article, text in texts.items():
        of_text[text] = max(of_text[text], of_article[article] - twice.get(article, 0))
    return of_text.total()


def read(connection: sa.Connection, ids: Iterable[int], *, disputed: bool) -> dict[int, ArticleMentions]:
    """Return the mentions of some articles, by their ids; with `disputed`, the alleged speakers are among them."""
    mentions: dict[int, ArticleMentions] = {}
    none: dict[int, ArticleMentions] = {}
    said = _SAID if disputed else _SAID.where(~quotations.c.disputed)
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        columns = (articles.c.id, articles.c.published_at, articles.c.extractor, articles.c.content_hash)
        by_id = {row.id: row for row in connection.execute(sa.select(*columns).where(articles.c.id.in_(batch)))}
        for id_, row in by_id.items():
            mentions[id_] = none.setdefault(row.extractor, ArticleMentions(extractor=row.extractor))
        rows = connection.execute(said.where(quotations.c.article_id.in_(batch)))
        for article, its_rows in groupby(rows, attrgetter("article_id")):
            mentions[article] = _of_article(by_id[article], list(its_rows))
    return mentions


def _of_article(article: _Row, rows: Sequence[_Row]) -> ArticleMentions:
    """Count the rows of one article, which are in the order of print. Equal texts become one object."""
    counted = Counter[tuple["Unit", str, str, str | None, str | None]]()
    text = sys.intern(article.content_hash[:HALF])
    units: dict[int, Unit] = {}
    by_quotation: dict[int, list[Unit]] = defaultdict(list)
    for _, quotation, speaker, key, name, role, rank in rows:
        unit = units.setdefault(speaker, (speaker, article.id))
        counted[unit, sys.intern(key), sys.intern(name), role and sys.intern(role), rank and sys.intern(rank)] += 1
        by_quotation[quotation].append(unit)
    mentions = tuple(
        SpeakerMention(*printed, article.published_at, place, times, text)
        for place, (printed, times) in enumerate(counted.items())
    )
    joint = tuple(tuple(units) for units in by_quotation.values() if len(units) > 1)
    return ArticleMentions(mentions, joint, article.extractor)
