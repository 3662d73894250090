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
from typing import TYPE_CHECKING, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive.articles.rows import batches
from retrieval.archive.records import HALF
from retrieval.archive.schema import articles, quotation_speakers, quotations, speakers
from retrieval.archive.speakers.corrections import applied, by_article
from retrieval.archive.speakers.speaker_rows import PRINTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.speakers.corrections import Corrections, Said

Unit: TypeAlias = tuple[int, int]
"""A stored speaker, and an article: all that is quoted there under that name is one person's."""

Version: TypeAlias = tuple[int, tuple[int, ...]]
"""The version of the extractor that found the quotations, and the numbers of the corrections that count."""

_BATCH: Final = 1000
FEWEST_WORDS: Final = 5
"""A sentence of fewer words is a short one."""

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
        quotations.c.content_start,
        quotations.c.content_end,
        quotations.c.context_start,
        quotations.c.context_end,
    )
    .join_from(quotations, quotation_speakers)
    .join(speakers)
    .order_by(quotations.c.article_id, quotations.c.content_start, quotations.c.id, _SPOKEN.ordinal)
)


NONE_TWICE: Final[Mapping[int, tuple[int, ...]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SpeakerMention:
    """What one article quotes of a stored speaker under one name, with one role and rank.

    `place` counts an article's mentions in the order of print. `said` has a number for each quotation: the same where
    another paper prints the same words in the same sentence.
    """

    unit: Unit
    key: str
    name: str
    role: str | None
    rank: str | None
    published_at: datetime | None
    place: int
    said: tuple[int, ...]

    @property
    def quotations(self) -> int:
        """How often the article quotes the speaker."""
        return len(self.said)

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
    """The mentions of one article; `joint` has what was said and the units of each quotation that has several speakers.

    `version` tells what they follow from beside the text: see `Version`.
    """

    mentions: tuple[SpeakerMention, ...] = ()
    joint: tuple[tuple[int, tuple[Unit, ...]], ...] = ()
    version: Version = (0, ())


def count_quotations(mentions: Iterable[SpeakerMention], twice: Mapping[int, Iterable[int]] = NONE_TWICE) -> int:
    """Count quotations, those that several articles print once.

    `twice` is what an article has once too often, since two of the mentions are of one quotation.
    """
    of_article: dict[int, Counter[int]] = defaultdict(Counter)
    for mention in mentions:
        of_article[mention.article].update(mention.said)
    for article, said in twice.items():
        of_article[article].subtract(said)
    most: dict[int, int] = {}
    for printed in of_article.values():
        for words, times in printed.items():
            most[words] = max(times, most.get(words, 0))
    return sum(most.values())


def printed_words(row: Row | Said, text_hash: str, body: str) -> tuple[object, ...]:
    """What equal quotations of two articles have in common: words and sentence, of a short one the text and its place.

    A short sentence may be said again on another day.
    """
    context = body[row.context_start : row.context_end].split()
    if len(context) < FEWEST_WORDS:
        return text_hash[:HALF], row.content_start, row.content_end
    return " ".join(context), " ".join(body[row.content_start : row.content_end].split())


def read(
    connection: sa.Connection, versions: Mapping[int, Version], corrections: Corrections, *, disputed: bool
) -> dict[int, ArticleMentions]:
    """Return the mentions of some articles, by their ids; with `disputed`, the alleged speakers are among them."""
    mentions: dict[int, ArticleMentions] = {}
    none: dict[Version, ArticleMentions] = {}
    corrected = by_article(corrections)
    said = _SAID if disputed else _SAID.where(~quotations.c.disputed)
    for batch in batches(sorted(versions), _BATCH):
        of = articles.c
        columns = (of.id, of.published_at, of.content_hash, of.body)
        by_id = {row.id: row for row in connection.execute(sa.select(*columns).where(of.id.in_(batch)))}
        printed: dict[int, Sequence[Row | Said]] = {id_: () for id_ in by_id if id_ in corrected}
        rows = connection.execute(said.where(quotations.c.article_id.in_(batch)))
        printed.update({article: list(its_rows) for article, its_rows in groupby(rows, attrgetter("article_id"))})
        for id_ in by_id:
            version = versions[id_]
            mentions[id_] = none.setdefault(version, ArticleMentions(version=version))
        for id_, its_rows in printed.items():
            quoted = applied(its_rows, corrected[id_], disputed=disputed) if id_ in corrected else its_rows
            mentions[id_] = _of_article(by_id[id_], quoted, versions[id_])
    return mentions


def _of_article(article: Row, rows: Sequence[Row | Said], version: Version) -> ArticleMentions:
    """Gather the rows of one article, which are in the order of print. Equal texts become one object."""
    by_speaker: dict[tuple[Unit, str, str, str | None, str | None], list[int]] = defaultdict(list)
    units: dict[int, Unit] = {}
    joint: list[tuple[int, tuple[Unit, ...]]] = []
    for _, speakers_of_one in groupby(rows, attrgetter("id")):
        same = list(speakers_of_one)
        key_of_words = hash(printed_words(same[0], article.content_hash, article.body))
        for row in same:
            unit = units.setdefault(row.speaker_id, (row.speaker_id, article.id))
            key, name = sys.intern(row.key), sys.intern(row.name)
            by_speaker[unit, key, name, row.role and sys.intern(row.role), row.rank and sys.intern(row.rank)].append(
                key_of_words
            )
        if len(same) > 1:
            joint.append((key_of_words, tuple(units[row.speaker_id] for row in same)))
    mentions = tuple(
        SpeakerMention(*printed, article.published_at, place, tuple(said))
        for place, (printed, said) in enumerate(by_speaker.items())
    )
    return ArticleMentions(mentions, tuple(joint), version)
