"""The quotations of a person as one reader sees them, each with all who said it and the paragraph it stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive.articles.rows import (
    SOURCE,
    has_its_text,
    held_for,
    newest_first,
    number_of,
    revised_for,
    source_of,
    span_of,
    visible_to,
)
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.schema import articles, quotation_speakers, quotations
from retrieval.domain.articles import Span
from retrieval.domain.ids import ArticleId, QuotationId
from retrieval.domain.quotations import Attribution, CitedQuotation, Quotation, QuotationKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from retrieval.archive.speakers.directory import SpeakerDirectory
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.ids import ArticleNumber, SpeakerId
    from retrieval.domain.quotations import Speaker
    from retrieval.domain.scope import Scope

    Titles: TypeAlias = dict[int, tuple[ArticleNumber, str]]
    """By article, the number under which the reader knows it, and its headline."""

_AT_ONCE: Final = 10_000


class ArticleText:
    """The text of an article that many quotations are from: equal spans of it are one string, not a copy each."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._paragraphs = [0, *(match.end() for match in re.finditer("\n", body))]
        self._cut: dict[Span, str] = {}

    def of(self, span: Span) -> str:
        """The words of the span."""
        if span not in self._cut:
            self._cut[span] = span.of(self._body)
        return self._cut[span]

    def paragraph(self, around: Span) -> Span:
        """The whole paragraphs that a span stands in."""
        first = bisect_right(self._paragraphs, around.start) - 1
        following = bisect_right(self._paragraphs, around.end)
        end = self._paragraphs[following] - 1 if following < len(self._paragraphs) else len(self._body)
        return Span(self._paragraphs[first], end)


def quotations_of(
    connection: sa.Connection, scope: Scope, who: SpeakerDirectory, person: Person
) -> tuple[CitedQuotation, ...]:
    """What one person is quoted with in visible articles: newest article first, within an article as printed."""
    of_person = sa.exists().where(
        quotation_speakers.c.quotation_id == quotations.c.id, quotation_speakers.c.speaker_id.in_(person.names)
    )
    rows = connection.execute(
        sa.select(quotations, *SOURCE, revised_for(scope))
        .join_from(quotations, articles)
        .where(of_person, visible_to(scope))
        .order_by(*newest_first(scope), quotations.c.content_start)
    ).all()
    said_by = _speakers_of(connection, who, {row.id: row.article_id for row in rows})
    theirs = [row for row in rows if any(one.id == person.entry.speaker.id for one in said_by[row.id])]
    bodies = _bodies(connection, {row.article_id for row in theirs})
    texts = {id_: None if body is None else ArticleText(body) for id_, body in bodies.items()}
    found = (_cited_or_left_out(connection, row, said_by[row.id], texts[row.article_id]) for row in theirs)
    return tuple(citation for citation in found if citation is not None)


def titles(connection: sa.Connection, scope: Scope, person: Person) -> Titles:
    """The numbers and headlines of the visible articles that quote a person."""
    found: Titles = {}
    for some in _parts(sorted(person.articles)):
        rows = connection.execute(
            sa.select(articles.c.id, articles.c.title, *held_for(scope)).where(
                articles.c.id.in_(some), visible_to(scope)
            )
        )
        found.update({row.id: (number_of(row), row.title) for row in rows})
    return found


def cited_if_whole(connection: sa.Connection, row: sa.Row[Any], said_by: tuple[Speaker, ...]) -> CitedQuotation | None:
    """As `cited`, from a row that has the article's `body` and `content_hash` too; None where anything is damaged."""
    return _cited_or_left_out(connection, row, said_by, ArticleText(row.body) if has_its_text(row) else None)


def _cited_or_left_out(
    connection: sa.Connection, row: sa.Row[Any], said_by: tuple[Speaker, ...], text: ArticleText | None
) -> CitedQuotation | None:
    """As `cited`; None where the quotation, or the text that it is from, is damaged."""
    if text is None:
        log_damaged(connection, "Article", row.article_id)
        return None
    try:
        return cited(row, said_by, text)
    except (ValueError, TypeError):
        log_damaged(connection, "Quotation", row.id)
        return None


def cited(row: sa.Row[Any], said_by: tuple[Speaker, ...], text: ArticleText) -> CitedQuotation:
    """From every column of `quotations` and those of `SOURCE`. Raises ValueError for what is damaged."""
    quotation = Quotation(
        id=QuotationId(row.id),
        article_id=ArticleId(row.article_id),
        content=Span(row.content_start, row.content_end),
        context=Span(row.context_start, row.context_end),
        kind=QuotationKind(row.kind),
        attribution=Attribution(row.attribution),
        confidence=row.confidence,
        speakers=said_by,
        cue=span_of(row, "cue"),
        mention=span_of(row, "mention"),
        via=span_of(row, "via"),
    )
    paragraph = text.paragraph(quotation.context)
    return CitedQuotation(
        quotation,
        source_of(row),
        words=text.of(quotation.content),
        context=text.of(quotation.context),
        said_by=None if quotation.mention is None else text.of(quotation.mention),
        via=None if quotation.via is None else text.of(quotation.via),
        paragraph=text.of(paragraph),
        paragraph_start=paragraph.start,
    )


def _speakers_of(
    connection: sa.Connection, who: SpeakerDirectory, quoted: Mapping[int, int]
) -> dict[int, tuple[Speaker, ...]]:
    """Who said each quotation (id: article), in the order of print, with the role that the article prints."""
    named = quotation_speakers
    found: dict[int, tuple[Speaker, ...]] = defaultdict(tuple)
    printed: dict[SpeakerId, dict[int, tuple[str | None, str | None]]] = {}
    for some in _parts(list(quoted)):
        rows = connection.execute(
            sa.select(named).where(named.c.quotation_id.in_(some)).order_by(named.c.quotation_id, named.c.ordinal)
        )
        for row in rows:
            person = who.said(row.speaker_id, quoted[row.quotation_id])
            if person is None or any(one.id == person.entry.speaker.id for one in found[row.quotation_id]):
                continue
            id_ = person.entry.speaker.id
            if id_ not in printed:
                printed[id_] = person.printed()
            role, rank = printed[id_][quoted[row.quotation_id]]
            speaker = replace(person.entry.speaker, role=row.role or role, rank=row.rank or rank)
            found[row.quotation_id] += (speaker,)
    return found


def _parts(ids: list[int]) -> Iterator[list[int]]:
    """A database takes only so many values at once."""
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _bodies(connection: sa.Connection, ids: Iterable[int]) -> dict[int, str | None]:
    """The texts of articles; None where it is not the text that was added."""
    found: dict[int, str | None] = {}
    columns = (articles.c.id, articles.c.content_hash, articles.c.body)
    for some in _parts(sorted(set(ids))):
        rows = connection.execute(sa.select(*columns).where(articles.c.id.in_(some)))
        found.update({row.id: row.body if has_its_text(row) else None for row in rows})
    return found
