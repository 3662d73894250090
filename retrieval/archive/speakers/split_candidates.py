"""What of a person's quotations can be split off by hand: those under one name, with one role, or in one article."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from retrieval.archive.speakers.mentions import count_quotations
from retrieval.archive.speakers.overrides import NewOverride
from retrieval.domain.ids import ArticleId
from retrieval.domain.overrides import OverrideKind, SplitCandidate, SplitKind
from retrieval.text.names.roles import role_words, same_office

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.archive.speakers.cited_quotations import Titles
    from retrieval.archive.speakers.mentions import SpeakerMention
    from retrieval.archive.speakers.persons import Person


def split_candidates(person: Person, titles: Titles) -> Iterator[tuple[SplitCandidate, NewOverride]]:
    """Yield each part that leaves something behind, with the override that splits it off.

    Names come first, then roles, then articles, the newest first.
    """
    return (each for each in _parts(person, titles) if each[0].quotations < person.entry.quotations)


def _parts(person: Person, titles: Titles) -> Iterator[tuple[SplitCandidate, NewOverride]]:
    by_key: dict[str, list[SpeakerMention]] = defaultdict(list)
    for mention in person.mentions:
        by_key[person.key_of(mention)].append(mention)
    for key, mentions in by_key.items():
        if key != person.key:
            yield _name(person, key, mentions)
    for key, mentions in by_key.items():
        yield from _roles(person, key, mentions)
    for key, mentions in by_key.items():
        yield from _articles(key, mentions, titles)


def _name(person: Person, key: str, mentions: Sequence[SpeakerMention]) -> tuple[SplitCandidate, NewOverride]:
    label = Counter(mention.name for mention in mentions).most_common(1)[0][0]
    part = SplitCandidate(SplitKind.NAME, zlib.crc32(key.encode()), label, count_quotations(mentions))
    return part, NewOverride(OverrideKind.APART, key, label, other=person.entry.speaker.name)


def _roles(
    person: Person, key: str, mentions: Sequence[SpeakerMention]
) -> Iterator[tuple[SplitCandidate, NewOverride]]:
    """By role: the articles that print it, and those to come."""
    if key not in person.ids:
        return
    for past in person.entry.speaker.roles:
        articles = {mention.article for mention in mentions if mention.role and same_office(mention.role, past.role)}
        in_part = [mention for mention in mentions if mention.article in articles]
        if in_part:
            number = zlib.crc32(f"{key}: {' '.join(sorted(role_words(past.role)))}".encode())
            part = SplitCandidate(SplitKind.ROLE, number, past.role, count_quotations(in_part))
            yield part, NewOverride(OverrideKind.PART, key, in_part[0].name, past.role, past.role)


def _articles(
    key: str, mentions: Sequence[SpeakerMention], titles: Titles
) -> Iterator[tuple[SplitCandidate, NewOverride]]:
    by_article: dict[int, list[SpeakerMention]] = defaultdict(list)
    for mention in mentions:
        by_article[mention.article].append(mention)
    for article, in_part in sorted(by_article.items(), key=lambda item: item[1][0].published_or_oldest, reverse=True):
        if article not in titles:  # it is gone meanwhile
            continue
        number, title = titles[article]
        part = SplitCandidate(SplitKind.ARTICLE, number, title, count_quotations(in_part))
        yield part, NewOverride(OverrideKind.PART, key, in_part[0].name, other=title, articles=(ArticleId(article),))
