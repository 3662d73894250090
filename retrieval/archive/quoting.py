"""Questions about speakers and quotations, always for a reader: nobody is shown whom no visible article quotes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrieval.archive.rows import NEWEST_FIRST, SOURCE, source_of, visible_to
from retrieval.archive.schema import articles, quotation_speakers, quotations, speaker_aliases, speakers
from retrieval.domain import (
    ArticleId,
    Attribution,
    CitedQuotation,
    Quotation,
    QuotationId,
    QuotationKind,
    Span,
    Speaker,
    SpeakerEntry,
    SpeakerId,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from retrieval.domain import Reader


def speaker_entries(
    connection: sa.Connection, reader: Reader, only: Iterable[SpeakerId] | None = None
) -> tuple[SpeakerEntry, ...]:
    """Everybody whom visible articles quote, most quoted first, then by name; or some of them.

    The role is the first one that a visible article printed, the aliases are those that visible articles print.
    """
    rows = connection.execute(_roles_and_counts(reader, only)).all()
    aliases = _aliases(connection, reader, only)
    found: dict[int, SpeakerEntry] = {}
    for row in rows:
        known = found.get(row.id)
        role, rank, counted = (known.speaker.role, known.speaker.rank, known.quotations) if known else (None, None, 0)
        speaker = Speaker(SpeakerId(row.id), row.name, role or row.role, aliases[row.id], rank or row.rank)
        found[row.id] = SpeakerEntry(speaker, counted + row.quotations)
    return tuple(sorted(found.values(), key=lambda entry: (-entry.quotations, entry.speaker.name, entry.speaker.id)))


def quotations_of(connection: sa.Connection, reader: Reader, speaker_id: SpeakerId) -> tuple[CitedQuotation, ...]:
    """What one speaker is quoted with in visible articles: newest article first, within an article as printed."""
    of_speaker = sa.exists().where(
        quotation_speakers.c.quotation_id == quotations.c.id, quotation_speakers.c.speaker_id == speaker_id
    )
    rows = connection.execute(
        sa.select(quotations, *SOURCE)
        .join_from(quotations, articles)
        .where(of_speaker, visible_to(reader))
        .order_by(*NEWEST_FIRST, quotations.c.content_start)
    ).all()
    bodies = _bodies(connection, {row.article_id for row in rows})
    said_by = _speakers_of(connection, reader, [row.id for row in rows])
    return tuple(_cited(row, said_by[row.id], bodies[row.article_id]) for row in rows)


def _cited(row: sa.Row[Any], said_by: tuple[Speaker, ...], body: str) -> CitedQuotation:
    quotation = Quotation(
        id=QuotationId(row.id),
        article_id=ArticleId(row.article_id),
        content=Span(row.content_start, row.content_end),
        context=Span(row.context_start, row.context_end),
        kind=QuotationKind(row.kind),
        attribution=Attribution(row.attribution),
        confidence=row.confidence,
        speakers=said_by,
        cue=None if row.cue_start is None else Span(row.cue_start, row.cue_end),
        mention=None if row.mention_start is None else Span(row.mention_start, row.mention_end),
        via=None if row.via_start is None else Span(row.via_start, row.via_end),
    )
    return CitedQuotation(
        quotation,
        source_of(row),
        words=quotation.content.of(body),
        context=quotation.context.of(body),
        said_by=None if quotation.mention is None else quotation.mention.of(body),
        via=None if quotation.via is None else quotation.via.of(body),
    )


def _speakers_of(connection: sa.Connection, reader: Reader, ids: list[int]) -> dict[int, tuple[Speaker, ...]]:
    """Who said each quotation, in the order of print, with the role printed there or else the known one."""
    named = quotation_speakers
    rows = connection.execute(
        sa.select(named).where(named.c.quotation_id.in_(ids)).order_by(named.c.quotation_id, named.c.ordinal)
    ).all()
    entries = speaker_entries(connection, reader, {SpeakerId(row.speaker_id) for row in rows})
    known = {entry.speaker.id: entry.speaker for entry in entries}
    found: dict[int, tuple[Speaker, ...]] = defaultdict(tuple)
    for row in rows:
        speaker = known[row.speaker_id]
        found[row.quotation_id] += (replace(speaker, role=row.role or speaker.role, rank=row.rank or speaker.rank),)
    return found


def _roles_and_counts(reader: Reader, only: Iterable[SpeakerId] | None) -> sa.Select[Any]:
    """One row for each speaker, printed role and rank, first printed first."""
    role, rank = quotation_speakers.c.role, quotation_speakers.c.rank
    asked = (
        sa.select(speakers.c.id, speakers.c.name, role, rank, sa.func.count().label("quotations"))
        .join_from(speakers, quotation_speakers)
        .join(quotations)
        .join(articles)
        .where(visible_to(reader))
        .group_by(speakers.c.id, speakers.c.name, role, rank)
        .order_by(sa.func.min(quotations.c.id))
    )
    return asked if only is None else asked.where(speakers.c.id.in_(tuple(only)))


def _aliases(connection: sa.Connection, reader: Reader, only: Iterable[SpeakerId] | None) -> dict[int, tuple[str, ...]]:
    alias = speaker_aliases.c
    asked = sa.select(alias.speaker_id, alias.alias).distinct().join_from(speaker_aliases, articles)
    asked = asked.where(visible_to(reader)).order_by(alias.alias)
    if only is not None:
        asked = asked.where(alias.speaker_id.in_(tuple(only)))
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in connection.execute(asked):
        found[row.speaker_id] += (row.alias,)
    return found


def _bodies(connection: sa.Connection, ids: Iterable[int]) -> dict[int, str]:
    rows = connection.execute(sa.select(articles.c.id, articles.c.body).where(articles.c.id.in_(set(ids))))
    return {row.id: row.body for row in rows}
