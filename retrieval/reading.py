"""Reads a draft into an article: its clean body, passages with their words, and quotations.

Pure. Texts that may be hostile are read only in a worker process, which can be killed: see the port `ArticleReader`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from retrieval.archive.records import NewQuotation, NewSpeaker, ReadArticle, ReadPassage
from retrieval.domain.articles import LinkedWords, Source
from retrieval.domain.limits import (
    LONGEST_LINKED,
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_URL,
    MOST_AUTHORS,
    MOST_LINKED,
)
from retrieval.domain.quotations import QuotationKind
from retrieval.errors import ArticleRejected
from retrieval.text.boilerplate import BoilerplateKind, fold_line, is_navigation, layout
from retrieval.text.cleaning import normalise
from retrieval.text.link_keys import address_key
from retrieval.text.notices import find_notice
from retrieval.text.passages import passages
from retrieval.text.word_count import count_words
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.articles import Draft
    from retrieval.text.attribution.people.speakers import FoundSpeaker
    from retrieval.text.boilerplate import Boilerplate, Layout
    from retrieval.text.parse import Parse
    from retrieval.text.quotations import FoundQuotation

_RAW = 10
"""Of a name or headline, this many times its longest length is cleaned, and the rest is dropped."""
_GUESSED_TITLE = 120
_FEWEST_WORDS = 4
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters that no address holds, though the standard library strips some of them."""


def check_length(text: str) -> None:
    """Raise ArticleRejected where a text is longer than any article."""
    if len(text) > LONGEST_TEXT:
        raise ArticleRejected("text.too_long", length=len(text), most=LONGEST_TEXT)


def read_article(draft: Draft, parse: Callable[[str], Parse | None] | None = None) -> ReadArticle:
    """Clean the text, separate boilerplate from paragraphs, cut passages and find quotations.

    Without a parse, quotations are attributed by rules. Raises ArticleRejected with the reason.
    """
    from retrieval.text.quotations import find_quotations, needs_parse  # noqa: PLC0415  # 6 MB, which only workers need

    check_length(draft.text)
    body = normalise(draft.text).text
    if not body:
        raise ArticleRejected("text.empty")
    given_title = _headline(draft.title, body)
    page = layout(body, given_title, frozenset(draft.page_lines))
    if not any(count_words(span.of(body)) >= _FEWEST_WORDS for span in page.text):
        raise ArticleRejected("text.no_article")
    title = given_title or _title(body, page)
    url = web_address(draft.url)
    source = Source(
        title=title,
        publisher=one_line(draft.publisher, LONGEST_NAME),
        authors=tuple(name for author in draft.authors[:MOST_AUTHORS] if (name := one_line(author, LONGEST_NAME))),
        url=url,
        published_at=draft.published_at,
        updated_at=draft.updated_at,
        notice=find_notice(title, body),
    )
    parsed = parse(body) if parse is not None and needs_parse(body) else None
    title_words = analyse(title)
    return ReadArticle(
        source=source,
        body=body,
        passages=tuple(
            ReadPassage(span, (*title_words, *analyse(span.of(body)))) for span in passages(body, page.text)
        ),
        quotations=tuple(
            _quotation(quotation)
            for quotation in find_quotations(body, parsed, linked=linked_words(draft))
            if quotation.kind is QuotationKind.TURN
            or (part := _boilerplate_around(quotation, page)) is None
            or (given_title is None and _is_first_said_there(body, quotation, part))
        ),
        address=address_key(url) if url else None,
        fetched_at=draft.fetched_at,
        linked=linked_words(draft),
    )


def linked_words(draft: Draft) -> tuple[LinkedWords, ...]:
    """What the page's linked data says of words, as much as is kept of it, each on one clean line."""
    kept = ((one_line(each.words, LONGEST_LINKED), each) for each in draft.linked[:MOST_LINKED])
    return tuple(
        LinkedWords(words, one_line(each.speaker, LONGEST_NAME), each.disputed) for words, each in kept if words
    )


def _quotation(quotation: FoundQuotation) -> NewQuotation:
    meant = quotation.alleged if quotation.disputed else quotation.speakers
    return NewQuotation(
        content=quotation.content,
        context=quotation.sentence,
        kind=quotation.kind,
        attribution=quotation.attribution,
        confidence=quotation.confidence,
        speakers=_named(quotation.speakers),
        cue=quotation.cue,
        mention=meant[0].mention if meant else None,
        via=quotation.via,
        disputed=quotation.disputed,
        alleged=_named(quotation.alleged),
    )


def _named(speakers: tuple[FoundSpeaker, ...]) -> tuple[NewSpeaker, ...]:
    return tuple(NewSpeaker(name=one.name, role=one.role, rank=one.rank) for one in speakers if one.named)


def _boilerplate_around(quotation: FoundQuotation, page: Layout) -> Boilerplate | None:
    """The boilerplate that a quotation stands in."""
    place = bisect_right(page.boilerplate, quotation.content.start, key=lambda item: item.span.end)
    around = page.boilerplate[place] if place < len(page.boilerplate) else None
    return around if around is not None and around.span.overlaps(quotation.content) else None


def _is_first_said_there(body: str, quotation: FoundQuotation, around: Boilerplate) -> bool:
    """Whether what only looks like a headline says who said something, and the text does not repeat it."""
    if around.kind is not BoilerplateKind.HEADLINE or not quotation.speakers or quotation.cue is None:
        return False
    return fold_line(quotation.content.of(body)) not in fold_line(body[around.span.end :])


def _headline(given: str | None, body: str) -> str | None:
    """A given headline on one line, unless a line of the page stands in its place; of a cut one, whole words."""
    title = one_line(given, LONGEST_TITLE)
    if title is None or is_navigation(title):
        return None
    behind = body[len(title) : len(title) + 1] if body.startswith(title) else ""
    if not behind.isalnum() and not (behind == " " and body[len(title) :].strip()):
        return title
    return (title.rpartition(" ")[0] or title if behind.isalnum() else title) + " …"


def _title(body: str, page: Layout) -> str:
    """The headline or, without one, the beginning of the text."""
    if page.headline is not None:
        return page.headline.of(body)[:LONGEST_TITLE]
    start = page.text[0].of(body)
    return start if len(start) <= _GUESSED_TITLE else start[:_GUESSED_TITLE].rsplit(" ", 1)[0] + " …"


def one_line(text: str | None, longest: int) -> str | None:
    """One clean line of at most `longest` characters, or None where nothing is left."""
    line = " ".join(normalise(text[: longest * _RAW]).text.split()) if text else ""
    return (line if len(line) <= longest else line[: longest - 1].rstrip() + "…") or None


def web_address(url: str | None) -> str | None:
    """A web address that may be shown as a link. Raises ArticleRejected."""
    if not url:
        return None
    try:
        parts = urlsplit(url[:LONGEST_URL].strip())
        plain = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        plain = False
    if not plain or len(url) > LONGEST_URL or _UNPRINTABLE.search(url.strip()):
        raise ArticleRejected("link.not_one", typed=url[:100])
    return url.strip()
