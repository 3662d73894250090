"""What of a person's quotations can be taken apart by hand: those under one name, with one role, in one article."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from retrieval.archive.speakers.overrides import NewOverride
from retrieval.domain.ids import ArticleId
from retrieval.domain.overrides import OverrideKind, SplitCandidate, SplitKind
from retrieval.text.names.roles import role_words, same_office

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.archive.speakers.cited_quotations import Titles
    from retrieval.archive.speakers.mentions import SpeakerMention
    from retrieval.archive.speakers.persons import Person
    from retrieval.domain.overrides import PartNumber


def parts(person: Person, titles: Titles) -> Iterator[SplitCandidate]:
    """Every part of a person that leaves something behind: names, then roles, then articles, the newest first."""
    return (part for part, _ in _possible(person, titles))


def taken_apart(person: Person, titles: Titles, kind: SplitKind, number: PartNumber) -> NewOverride | None:
    """The decision that makes a part of a person another one; None where there is no such part."""
    found = (ruling for part, ruling in _possible(person, titles) if (part.kind, part.number) == (kind, number))
    return next(found, None)


def _possible(person: Person, titles: Titles) -> Iterator[tuple[SplitCandidate, NewOverride]]:
    """The parts that leave something behind, each with the decision that takes it apart."""
    return (each for each in _all(person, titles) if each[0].quotations < person.entry.quotations)


def _all(person: Person, titles: Titles) -> Iterator[tuple[SplitCandidate, NewOverride]]:
    under = _by_key(person)
    for key, told in under.items():
        if key != person.key:
            yield _name(person, key, told)
    for key, told in under.items():
        yield from _roles(person, key, told)
    for key, told in under.items():
        yield from _articles(key, told, titles)


def _by_key(person: Person) -> dict[str, list[SpeakerMention]]:
    found: dict[str, list[SpeakerMention]] = defaultdict(list)
    for one in person.told:
        found[person.under(one)].append(one)
    return found


def _name(person: Person, key: str, told: Sequence[SpeakerMention]) -> tuple[SplitCandidate, NewOverride]:
    label = Counter(one.name for one in told).most_common(1)[0][0]
    part = SplitCandidate(SplitKind.NAME, zlib.crc32(key.encode()), label, _count(told))
    return part, NewOverride(OverrideKind.APART, key, label, other=person.entry.speaker.name)


def _roles(person: Person, key: str, told: Sequence[SpeakerMention]) -> Iterator[tuple[SplitCandidate, NewOverride]]:
    """By role: the articles that print it, and those to come; where all of them do, there is nothing to take apart."""
    if key not in person.keys:
        return
    for held in person.entry.speaker.roles:
        theirs = {one.article for one in told if one.role and same_office(one.role, held.role)}
        here = [one for one in told if one.article in theirs]
        if here:
            number = zlib.crc32(f"{key}: {' '.join(sorted(role_words(held.role)))}".encode())
            part = SplitCandidate(SplitKind.ROLE, number, held.role, _count(here))
            yield part, NewOverride(OverrideKind.PART, key, here[0].name, held.role, held.role)


def _articles(key: str, told: Sequence[SpeakerMention], titles: Titles) -> Iterator[tuple[SplitCandidate, NewOverride]]:
    by_article: dict[int, list[SpeakerMention]] = defaultdict(list)
    for one in told:
        by_article[one.article].append(one)
    for article, here in sorted(by_article.items(), key=lambda item: item[1][0].dated, reverse=True):
        if article not in titles:  # it is gone meanwhile
            continue
        number, title = titles[article]
        part = SplitCandidate(SplitKind.ARTICLE, number, title, _count(here))
        yield part, NewOverride(OverrideKind.PART, key, here[0].name, other=title, articles=(ArticleId(article),))


def _count(told: Sequence[SpeakerMention]) -> int:
    return sum(one.quotations for one in told)
