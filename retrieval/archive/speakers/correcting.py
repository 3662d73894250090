"""Corrections by hand of single quotations, as they are stored: made and read.

A correction is an override that names its articles as a split does, and in them the quotation by its words and place:
so it holds when the article was read again, or removed and added again. In force as overrides are; the latest counts.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import visible_to
from retrieval.archive.schema import articles, quotations
from retrieval.archive.speakers import overrides
from retrieval.archive.speakers.corrections import Correction
from retrieval.archive.speakers.overrides import NewOverride
from retrieval.domain.ids import ArticleId
from retrieval.domain.overrides import CORRECTIONS
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.speakers.corrections import Corrections, Place
    from retrieval.domain.excerpts import ExcerptRef
    from retrieval.domain.overrides import OverrideKind
    from retrieval.domain.scope import Scope

_SHOWN: Final = 200
"""Characters of the words that are kept to show what was corrected."""
_PLACE: Final = (
    quotations.c.article_id,
    quotations.c.id,
    quotations.c.content_start,
    quotations.c.content_end,
    quotations.c.context_start,
    quotations.c.context_end,
)


def in_force(connection: sa.Connection, scope: Scope, only: Sequence[int] | None = None) -> Corrections:
    """Return the corrections of quotations in visible articles; of those in the articles `only`, where given."""
    made = overrides.of_kinds(connection, scope, CORRECTIONS)
    if not made:
        return {}
    articles_of = overrides.articles_of(connection, scope, [each.id for each in made], only)
    words = _words(connection, {article for of_one in articles_of.values() for article in of_one})
    found: dict[int, Correction] = {}
    for override in made:
        for article in sorted(articles_of[override.id]):
            start, _, digest = override.key.partition(":")
            same = words[article].get(digest, ())
            if same:
                nearest = min(same, key=lambda place: abs(place[2] - int(start)))
                found[nearest[1]] = Correction(override, nearest)
    return found


def new_correction(row: Row, kind: OverrideKind, to: tuple[str, str] | None = None) -> NewOverride:
    """Return the correction of a quotation (its row and the `body`); `to` is the key and name of whose words it is."""
    words = row.body[row.content_start : row.content_end]
    key, name = to or (None, None)
    shown = " ".join(words.split())
    shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1].rstrip() + "…"
    return NewOverride(kind, f"{row.content_start}:{_digest(words)}", shown, key, name, (ArticleId(row.article_id),))


def row_at(connection: sa.Connection, scope: Scope, ref: ExcerptRef) -> Row | None:
    """Return the visible quotation that shares most with some words, with the article's body; None without any."""
    of, span = quotations.c, ref.span
    shared = sa.func.min(of.content_end, span.end) - sa.func.max(of.content_start, span.start)
    at = sa.select(*_PLACE, articles.c.body).join_from(quotations, articles).where(visible_to(scope), shared > 0)
    return connection.execute(at.where(articles.c.id == ref.article_id).order_by(shared.desc(), of.id)).first()


def _words(connection: sa.Connection, ids: set[int]) -> Mapping[int, Mapping[str, list[Place]]]:
    """Return the places of the quotations of some articles, by article and digest of the words."""
    found: dict[int, defaultdict[str, list[Place]]] = {id_: defaultdict(list) for id_ in ids}
    of_articles = sa.select(*_PLACE, articles.c.body).join_from(quotations, articles).where(articles.c.id.in_(ids))
    for *place, body in connection.execute(of_articles):
        found[place[0]][_digest(body[place[2] : place[3]])].append(tuple(place))
    return found


def _digest(words: str) -> str:
    """A hash of words, whatever marks and blanks stand among them."""
    letters = "".join(character for character in search_key(words) if character.isalnum())
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()[:32]
