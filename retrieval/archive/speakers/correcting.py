"""Corrections by hand of single quotations, as they are stored: made and read.

A correction is an override that names its articles as a split does, and in them the quotation by its words and place:
so it holds when the article was read again, or removed and added again. It names the sentence too, and holds for the
same words in the same sentence of every other visible article. In force as overrides are; the latest counts.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.articles.rows import part, visible_to
from retrieval.archive.schema import articles, quotations
from retrieval.archive.speakers import overrides
from retrieval.archive.speakers.corrections import Correction
from retrieval.archive.speakers.mentions import FEWEST_WORDS
from retrieval.archive.speakers.overrides import NewOverride
from retrieval.domain.ids import ArticleId
from retrieval.domain.overrides import CORRECTIONS
from retrieval.domain.wording import shortened
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.speakers.corrections import Corrections, Place
    from retrieval.domain.excerpts import ExcerptRef
    from retrieval.domain.overrides import Override, OverrideKind
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


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What equal quotations of two articles have in common: the digests of words and sentence, and their lengths."""

    words: str
    sentence: str
    length: int
    sentence_length: int


def in_force(connection: sa.Connection, scope: Scope, only: Sequence[int] | None = None) -> Corrections:
    """Return the corrections of quotations in visible articles; of those in the articles `only`, where given."""
    made = overrides.of_kinds(connection, scope, CORRECTIONS)
    if not made:
        return {}
    articles_of = overrides.articles_of(connection, scope, [each.id for each in made], only)
    words = _words(connection, {article for of_one in articles_of.values() for article in of_one})
    copies = _copies(connection, scope, made, only)
    found: dict[int, Correction] = {}
    for override in made:
        start, digest, sentence = _parsed(override)
        elsewhere = copies.get(sentence, ()) if sentence else ()
        found |= {
            place[1]: Correction(override, place) for place in elsewhere if place[0] not in articles_of[override.id]
        }
        for article in sorted(articles_of[override.id]):
            same = words[article].get(digest, ())
            if same:
                nearest = min(same, key=lambda place: abs(place[2] - start))
                found[nearest[1]] = Correction(override, nearest)
    return found


def new_correction(row: Row, kind: OverrideKind, to: tuple[str, str] | None = None) -> NewOverride:
    """Return the correction of a quotation (its row and the `body`); `to` is the key and name of whose words it is."""
    words, sentence = row.body[row.content_start : row.content_end], row.body[row.context_start : row.context_end]
    key, name = to or (None, None)
    shown = shortened(" ".join(words.split()), _SHOWN)
    found_by = f"{row.content_start}:{_digest(words)}"
    if len(sentence.split()) >= FEWEST_WORDS:
        found_by += f":{_digest(sentence)}:{len(words)}:{len(sentence)}"
    return NewOverride(kind, found_by, shown, key, name, (ArticleId(row.article_id),))


def row_at(connection: sa.Connection, scope: Scope, ref: ExcerptRef) -> Row | None:
    """Return the visible quotation that shares most with some words, with the article's body; None without any."""
    of, span = quotations.c, ref.span
    end = sa.case((of.content_end < span.end, of.content_end), else_=span.end)
    shared = end - sa.case((of.content_start > span.start, of.content_start), else_=span.start)
    at = sa.select(*_PLACE, articles.c.body).join_from(quotations, articles).where(visible_to(scope), shared > 0)
    return connection.execute(at.where(articles.c.id == ref.article_id).order_by(shared.desc(), of.id)).first()


def _words(connection: sa.Connection, ids: set[int]) -> Mapping[int, Mapping[str, list[Place]]]:
    """Return the places of the quotations of some articles, by article and digest of the words."""
    found: dict[int, defaultdict[str, list[Place]]] = {id_: defaultdict(list) for id_ in ids}
    of_articles = sa.select(*_PLACE, articles.c.body).join_from(quotations, articles).where(articles.c.id.in_(ids))
    for *place, body in connection.execute(of_articles):
        found[place[0]][_digest(body[place[2] : place[3]])].append(tuple(place))
    return found


def _parsed(override: Override) -> tuple[int, str, _Sentence | None]:
    """Return where a correction's words stand in its article, their digest, and their sentence unless that is short."""
    start, words, *sentence = override.key.split(":")
    if not sentence:
        return int(start), words, None
    digest, *lengths = sentence
    return int(start), words, _Sentence(words, digest, *map(int, lengths))


def _copies(
    connection: sa.Connection, scope: Scope, made: Sequence[Override], only: Sequence[int] | None
) -> Mapping[_Sentence, list[Place]]:
    """Return where visible articles quote the words of corrections in the same sentence; those in `only`, if given."""
    sentences = {sentence for _, _, sentence in map(_parsed, made) if sentence is not None}
    found: dict[_Sentence, list[Place]] = {}
    if not sentences:
        return found
    of = quotations.c
    lengths = sa.tuple_(of.content_end - of.content_start, of.context_end - of.context_start)
    same_lengths = lengths.in_([(each.length, each.sentence_length) for each in sentences])
    words, sentence = (
        part(articles.c.body, start, end)
        for start, end in ((of.content_start, of.content_end), (of.context_start, of.context_end))
    )
    wanted = sa.select(*_PLACE, words, sentence).join_from(quotations, articles).where(same_lengths, visible_to(scope))
    rows = connection.execute(wanted if only is None else wanted.where(of.article_id.in_(only)))
    for *place, its_words, its_sentence in rows:
        same = _Sentence(_digest(its_words), _digest(its_sentence), len(its_words), len(its_sentence))
        if same in sentences:
            found.setdefault(same, []).append(tuple(place))
    return found


def _digest(words: str) -> str:
    """A hash of words, whatever marks and blanks stand among them."""
    letters = "".join(character for character in search_key(words) if character.isalnum())
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()[:32]
