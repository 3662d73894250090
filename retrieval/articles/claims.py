"""What somebody says of an article's source by hand: reads and checks it, and lets it override what was found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from retrieval.articles.files import parse_moment
from retrieval.domain.limits import LONGEST_NAME, LONGEST_TITLE
from retrieval.errors import ArticleRejected
from retrieval.reading import one_line, web_address
from retrieval.text.link_keys import address_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.domain.articles import Draft
    from retrieval.domain.editing import Claims

NOTHING: Final = "-"
"""Typed to remove a value."""
_AHEAD: Final = timedelta(days=1)
"""How far in the future a date may be: where the article was published it may be tomorrow already."""


def read_claims(claims: Claims) -> dict[str, Any]:
    """The fields of `Source` that somebody typed, with their values. Raises ArticleRejected."""
    given: dict[str, Any] = {}
    if claims.title is not None:
        given["title"] = _named(claims.title, LONGEST_TITLE, "article.headline_too_long")
        if given["title"] is None:
            raise ArticleRejected("article.needs_headline")
    if claims.publisher is not None:
        given["publisher"] = _named(claims.publisher, LONGEST_NAME, "article.publisher_too_long")
    if claims.date is not None:
        given["published_at"] = _moment(claims.date)
    if claims.link is not None:
        link = claims.link.strip()
        given["url"] = None if link == NOTHING else web_address(link)
    return given


def with_claims(draft: Draft, given: Mapping[str, Any]) -> Draft:
    """The draft with what `read_claims` returned, which overrides what the article says itself."""
    fetched_at = draft.fetched_at if _same_page(draft.url, given.get("url", draft.url)) else None
    return replace(draft, **given, fetched_at=fetched_at, by_hand=draft.by_hand | given.keys())


def _same_page(link: str | None, other: str | None) -> bool:
    """Whether two links lead to the same page: with another link, a text no longer counts as fetched."""
    return link == other or (link is not None and other is not None and address_key(link) == address_key(other))


def _named(typed: str, longest: int, too_long: str) -> str | None:
    name = one_line(typed, len(typed) + 1)
    if name is not None and len(name) > longest:
        raise ArticleRejected(too_long, length=len(name), most=longest)
    return None if name == NOTHING else name


def _moment(typed: str) -> datetime | None:
    if typed.strip() == NOTHING:
        return None
    try:
        moment = parse_moment(typed)
    except ArticleRejected:
        raise ArticleRejected("article.no_day", typed=typed[:40]) from None
    if moment > datetime.now(UTC) + _AHEAD:
        raise ArticleRejected("article.in_the_future", day=typed.strip())
    return moment
