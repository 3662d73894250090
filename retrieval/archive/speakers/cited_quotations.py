"""The quotations of a person as a scope sees them, each with all its speakers and its paragraph."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive.articles.rows import (
    SOURCE,
    batches,
    contains,
    has_original_text,
    newest_first,
    number_columns,
    number_of,
    part,
    quotation_fields,
    revised_column,
    source_of,
    visible_to,
)
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.schema import articles, passages, quotation_speakers, quotations, speakers, visibility
from retrieval.archive.speakers.corrections import is_disputed
from retrieval.archive.speakers.mentions import printed_words
from retrieval.domain.articles import Span
from retrieval.domain.ids import ArticleId, QuotationId
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.quotations import NAMED, SURE, CitedQuotation, Quotation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.speakers.corrections import Correction, Corrections
    from retrieval.archive.speakers.directory import SpeakerDirectory
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.excerpts import ExcerptRef
    from retrieval.domain.ids import ArticleNumber, PassageId, SpeakerId
    from retrieval.domain.quotations import Speaker
    from retrieval.domain.scope import Scope

    Titles: TypeAlias = dict[int, tuple[ArticleNumber, str]]
    """By article, its number in the scope and its headline."""
    SurelyQuoted: TypeAlias = tuple[tuple[CitedQuotation, frozenset[str]], ...]
    """Statements, each with the folded names of its sure speakers."""

_BATCH: Final = 10_000
_LONG: Final = 30
"""Characters of words that are hardly said again on another day."""
IN_ORDER: Final = (quotations.c.content_start, quotations.c.content_end.desc(), quotations.c.id)
"""Within an article as printed; a turn of a transcript before the marked words in it."""
IS_NAMED: Final = ~quotations.c.disputed & quotations.c.attribution.in_([each.value for each in NAMED])
"""Quotations that are not disputed and whose speaker is named: those that may be announced."""
_SURE: Final = IS_NAMED & (quotations.c.confidence >= SURE)
"""Quotations whose speaker is sure."""


class ArticleText:
    """The text of an article with many quotations: equal spans of it are one string, not a copy each."""

    def __init__(self, body: str) -> None:
        self.body = body
        self._paragraphs = [0, *(match.end() for match in re.finditer("\n", body))]
        self._cut: dict[Span, str] = {}

    def of(self, span: Span) -> str:
        """Return the words of a span."""
        if span not in self._cut:
            self._cut[span] = span.of(self.body)
        return self._cut[span]

    def paragraph(self, around: Span) -> Span:
        """Return the span of the whole paragraphs that a span stands in."""
        first = bisect_right(self._paragraphs, around.start) - 1
        following = bisect_right(self._paragraphs, around.end)
        end = self._paragraphs[following] - 1 if following < len(self._paragraphs) else len(self.body)
        return Span(self._paragraphs[first], end)

    def neighbourhood(self, around: Span, length: int) -> Span:
        """Return the span of the whole paragraphs that hold a span and up to `length` characters on either side."""
        return self.paragraph(Span(max(around.start - length, 0), min(around.end + length, len(self.body))))


def quotations_of(
    connection: sa.Connection, scope: Scope, directory: SpeakerDirectory, person: Person, *, disputed: bool = False
) -> tuple[CitedQuotation, ...]:
    """Return a person's quotations in visible articles: newest article first, within an article as printed.

    With `disputed`, instead, those that their articles dispute, and that the person is said to have said.
    """
    of_person = sa.exists().where(
        quotation_speakers.c.quotation_id == quotations.c.id, quotation_speakers.c.speaker_id.in_(person.names)
    )
    corrections = directory.corrections
    given = [id_ for id_, correction in corrections.items() if correction.speaker_id in person.names]
    which = (of_person | quotations.c.id.in_(given)) & (is_disputed(corrections) == disputed)
    rows = connection.execute(_visible(scope).where(which)).all()
    said_by = _speakers_of(connection, directory, rows)
    rows = [row for row in rows if any(each.id == person.entry.speaker.id for each in said_by[row.id])]
    return _cited_once(connection, rows, said_by, corrections)


def said(
    connection: sa.Connection, scope: Scope, directory: SpeakerDirectory, which: sa.ColumnElement[bool]
) -> tuple[CitedQuotation, ...]:
    """Return those of some quotations that surely are somebody's and are not disputed, in the order of `quotations_of`.

    `which` selects them among those of visible articles.
    """
    corrections = directory.corrections
    rows = connection.execute(_visible(scope).where(which, ~is_disputed(corrections))).all()
    said_by = _speakers_of(connection, directory, rows)
    cited_quotations = _cited_once(connection, [row for row in rows if said_by[row.id]], said_by, corrections)
    return tuple(each for each in cited_quotations if each.quotation.is_sure)


def overlapping(ids: Sequence[PassageId]) -> sa.ColumnElement[bool]:
    """Whether the context of the quotation of a row overlaps one of these passages; no other row is looked at."""
    of_article = quotations.alias()
    return quotations.c.id.in_(
        sa.select(of_article.c.id)
        .join_from(passages, of_article, of_article.c.article_id == passages.c.article_id)
        .where(
            passages.c.id.in_(ids),
            of_article.c.context_start < passages.c.end,
            of_article.c.context_end > passages.c.start,
        )
    )


def in_article_of(passage: PassageId) -> sa.ColumnElement[bool]:
    """Whether the quotation of a row stands in the article of a passage."""
    return quotations.c.article_id.in_(sa.select(passages.c.article_id).where(passages.c.id == passage))


def quotation_at(
    connection: sa.Connection, scope: Scope, directory: SpeakerDirectory, ref: ExcerptRef, *, disputed: bool
) -> CitedQuotation | None:
    """Return the quotation of exactly these words; None where there is none that the scope sees."""
    of = quotations.c
    place = (of.article_id == ref.article_id) & (of.content_start == ref.span.start) & (of.content_end == ref.span.end)
    corrections = directory.corrections
    rows = connection.execute(_visible(scope).where(place, is_disputed(corrections) == disputed).limit(1)).all()
    said_by = _speakers_of(connection, directory, rows)
    return next(iter(_cited_once(connection, rows, said_by, corrections)), None)


def surely_named(connection: sa.Connection, article_id: ArticleId) -> frozenset[str]:
    """Return the folded names, as printed, of the sure speakers of an article."""
    named = sa.select(speakers.c.key).join_from(quotations, quotation_speakers).join(speakers)
    return frozenset(connection.scalars(named.where(quotations.c.article_id == article_id, _SURE)))


def surely_quoted(
    connection: sa.Connection, scope: Scope, directory: SpeakerDirectory, ids: Collection[ArticleId]
) -> SurelyQuoted:
    """Return the statements of some visible articles whose speakers are sure.

    Words that several of them print stand once; those that another article printed before are left out.
    """
    quoted = []
    earlier = _earlier(connection, scope, directory, ids)
    for cited_quotation in said(connection, scope, directory, quotations.c.article_id.in_(ids) & _SURE):
        names = _names(directory, cited_quotation)
        is_new = names.isdisjoint(earlier.get(cited_quotation.quotation.id, frozenset()))
        if names and is_new and not cited_quotation.is_fragment:
            quoted.append((cited_quotation, names))
    return tuple(quoted)


def _names(directory: SpeakerDirectory, cited_quotation: CitedQuotation) -> frozenset[str]:
    """Return the folded names of the speakers of a quotation."""
    persons = (directory.person(speaker.id) for speaker in cited_quotation.quotation.speakers)
    return frozenset[str]().union(*(person.ids for person in persons if person is not None))


def _earlier(
    connection: sa.Connection, scope: Scope, directory: SpeakerDirectory, ids: Collection[ArticleId]
) -> dict[int, frozenset[str]]:
    """Return by the quotations of some articles who surely said the same words in an older article, none of them."""
    printed: dict[int, list[int]] = defaultdict(list)
    for later, before in connection.execute(_printed_before(scope, ids, directory.corrections)):
        printed[before].append(later)
    names: dict[int, frozenset[str]] = defaultdict(frozenset)
    for batch in batches(sorted(printed), _BATCH):
        for cited_quotation in said(connection, scope, directory, quotations.c.id.in_(batch)):
            for later in printed[cited_quotation.quotation.id]:
                names[later] |= _names(directory, cited_quotation)
    return names


def _printed_before(scope: Scope, ids: Collection[ArticleId], corrections: Corrections) -> sa.Select[int, int]:
    """The quotations of some articles, each with one of the same words in an older visible article, if not few.

    The other is stored with the same speaker, or is given to somebody by hand.
    """
    own, theirs = quotation_speakers.alias(), quotation_speakers.alias()
    other, article = quotations.alias(), articles.alias()
    length = quotations.c.content_end - quotations.c.content_start
    words = part(articles.c.body, quotations.c.content_start, quotations.c.content_end)
    seen = sa.exists().where(visibility.c.article_id == article.c.id, visibility.c.collection_id.in_(scope.collections))
    of_same = sa.select(theirs.c.quotation_id).join_from(own, theirs, theirs.c.speaker_id == own.c.speaker_id)
    given = [id_ for id_, correction in corrections.items() if correction.speaker_id is not None]
    return (
        sa.select(quotations.c.id, other.c.id)
        .join_from(quotations, articles)
        .join(other, other.c.id.in_(of_same.where(own.c.quotation_id == quotations.c.id)) | other.c.id.in_(given))
        .join(article, article.c.id == other.c.article_id)
        .where(
            quotations.c.article_id.in_(ids),
            _SURE,
            length >= _LONG,
            other.c.article_id < quotations.c.article_id,
            other.c.article_id.not_in(ids),
            other.c.content_end - other.c.content_start == length,
            part(article.c.body, other.c.content_start, other.c.content_end) == words,
            seen,
        )
    )


def unnamed(
    connection: sa.Connection, scope: Scope, words: str, limit: int, corrections: Corrections
) -> tuple[CitedQuotation, ...]:
    """Return quotations whose speaker is not named and whose mention contains `words`: newest article first."""
    which = contains(quotations.c.unnamed, words) & quotations.c.id.not_in(corrections)
    return _cited_once(connection, connection.execute(_visible(scope).where(which).limit(limit)).all(), {}, {})


def _visible(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    """The quotations of visible articles, with the columns that `_cited_once` reads."""
    columns = (*quotations.c, articles.c.content_hash, *SOURCE, revised_column(scope))
    joined = sa.select(*columns).join_from(quotations, articles).where(visible_to(scope))
    return joined.order_by(*newest_first(scope), *IN_ORDER)


def any_disputed(connection: sa.Connection, scope: Scope, corrections: Corrections) -> bool:
    """Return whether any quotation of a visible article is disputed."""
    which = is_disputed(corrections) & visible_to(scope)
    disputed = sa.exists().where(quotations.c.article_id == articles.c.id, which)
    return connection.execute(sa.select(disputed)).scalar_one()


def titles(connection: sa.Connection, scope: Scope, person: Person) -> Titles:
    """Return the numbers and headlines of the visible articles that quote a person."""
    by_article: Titles = {}
    for batch in batches(sorted(person.articles), _BATCH):
        columns = (articles.c.id, articles.c.title, *number_columns(scope))
        rows = connection.execute(sa.select(*columns).where(articles.c.id.in_(batch), visible_to(scope)))
        by_article.update({row.id: (number_of(row), row.title) for row in rows})
    return by_article


def _cited_once(
    connection: sa.Connection,
    rows: Sequence[Row],
    said_by: Mapping[int, tuple[Speaker, ...]],
    corrections: Corrections,
) -> tuple[CitedQuotation, ...]:
    """Cite rows in their order, words in one sentence once; the other articles that print them stand beside it."""
    texts = _texts(connection, {row.article_id for row in rows})
    printed: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    times = Counter[tuple[object, ...]]()
    for row in rows:
        text = texts[row.article_id]
        words = (row.id,) if text is None else printed_words(row, row.content_hash, text.body)
        times[row.article_id, words] += 1
        printed[words, times[row.article_id, words]].append(row)
    cited_quotations = []
    for first, *others in printed.values():
        correction = corrections.get(first.id)
        quotation = _cited_or_skipped(connection, first, said_by.get(first.id, ()), texts[first.article_id], correction)
        if quotation is not None:
            cited_quotations.append(replace(quotation, also=tuple(map(source_of, others))))
    return tuple(cited_quotations)


def cited_if_whole(connection: sa.Connection, row: Row, said_by: tuple[Speaker, ...]) -> CitedQuotation | None:
    """Return `cited` of a row that has the article's `body` and `content_hash` too; None where anything is damaged."""
    return _cited_or_skipped(connection, row, said_by, ArticleText(row.body) if has_original_text(row) else None)


def _cited_or_skipped(
    connection: sa.Connection,
    row: Row,
    said_by: tuple[Speaker, ...],
    text: ArticleText | None,
    correction: Correction | None = None,
) -> CitedQuotation | None:
    """Return `cited`; None where the quotation or the article's text is damaged."""
    if text is None:
        log_damaged(connection, "Article", row.article_id)
        return None
    try:
        return cited(row, said_by, text, correction)
    except (ValueError, TypeError):
        log_damaged(connection, "Quotation", row.id)
        return None


def cited(
    row: Row, said_by: tuple[Speaker, ...], text: ArticleText, correction: Correction | None = None
) -> CitedQuotation:
    """Map every column of `quotations` and those of `SOURCE` to a quotation. Raises ValueError for damaged ones."""
    fields = quotation_fields(row, said_by)
    quotation = Quotation(id=QuotationId(row.id), article_id=ArticleId(row.article_id), **fields)
    if correction is not None:
        quotation = correction.corrected(quotation, said_by)
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
    connection: sa.Connection, directory: SpeakerDirectory, rows: Sequence[Row]
) -> dict[int, tuple[Speaker, ...]]:
    """Return the speakers of each quotation, in the order of print, with the role in its article."""
    articles_of = {row.id: row.article_id for row in rows}
    speakers: dict[int, tuple[Speaker, ...]] = defaultdict(tuple)
    printed: dict[SpeakerId, dict[int, tuple[str | None, str | None]]] = {}
    for id_, speaker_id, role, rank in _printed_with(connection, directory.corrections, list(articles_of)):
        person = directory.person_in(speaker_id, articles_of[id_])
        if person is None or any(each.id == person.entry.speaker.id for each in speakers[id_]):
            continue
        speaker = person.entry.speaker
        if speaker.id not in printed:
            printed[speaker.id] = person.role_and_rank_by_article()
        usual_role, usual_rank = printed[speaker.id][articles_of[id_]]
        if id_ in directory.corrections and directory.corrections[id_].kind is OverrideKind.ROLE:
            speaker = replace(speaker, role=None, rank=None)
        else:
            speaker = replace(speaker, role=role or usual_role, rank=rank or usual_rank)
        speakers[id_] += (speaker,)
    return speakers


def _printed_with(
    connection: sa.Connection, corrections: Corrections, ids: Sequence[int]
) -> Iterator[tuple[int, int, str | None, str | None]]:
    """Yield the id of each quotation with that of a speaker, and the role and rank printed beside it."""
    of = quotation_speakers.c
    for batch in batches(ids, _BATCH):
        columns = sa.select(of.quotation_id, of.speaker_id, of.role, of.rank).where(of.quotation_id.in_(batch))
        for id_, speaker_id, role, rank in connection.execute(columns.order_by(of.quotation_id, of.ordinal)):
            if id_ not in corrections or not corrections[id_].takes_away:
                yield id_, speaker_id, role, rank
        for id_ in batch:
            if id_ in corrections and (given := corrections[id_].speaker_id) is not None:
                yield id_, given, None, None


def _texts(connection: sa.Connection, ids: Iterable[int]) -> dict[int, ArticleText | None]:
    """Return the texts of articles; None for one that is not the text that was added."""
    texts: dict[int, ArticleText | None] = {}
    columns = (articles.c.id, articles.c.content_hash, articles.c.body)
    for batch in batches(sorted(ids), _BATCH):
        rows = connection.execute(sa.select(*columns).where(articles.c.id.in_(batch)))
        texts.update({row.id: ArticleText(row.body) if has_original_text(row) else None for row in rows})
    return texts
