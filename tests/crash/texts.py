"""What the articles and feeds of these tests say: always the same, so that a stored text is known to be whole."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from retrieval.articles.storing import embed_article
from retrieval.domain.articles import Draft
from retrieval.reading import read_article
from tests.support.fakes import HashingEmbedder
from tests.support.feeds import Story

if TYPE_CHECKING:
    from retrieval.archive.records import NewArticle

PUBLISHED = datetime(2024, 3, 25, 12, tzinfo=UTC)
WORDS = [
    "river",
    "council",
    "storm",
    "budget",
    "harvest",
    "treaty",
    "school",
    "bridge",
    "market",
    "winter",
    "signal",
    "garden",
]
_GIVEN = ["Ines", "Jonas", "Mirela", "Tomas", "Yusra"]
_FAMILY = ["Falk", "Ostrom", "Quist", "Vidal"]
_HEADLINE = re.compile(r"Report number (\d+) from the (\w+)")
_EDITION = re.compile(r"\bedition (\d+)")

LISTED, NEW = 25, 5
"""How many stories a day's feed lists, and how many of them the day before's did not."""


def draft(number: int, edition: int = 0) -> Draft:
    """An article of a few paragraphs with two quotations, and with a third one in its later editions."""
    paragraphs = [f"Report number {number} from the {WORDS[number % len(WORDS)]}"]
    for part in range(2 + number % 5):
        chosen = [WORDS[(number * 7 + part * 3 + step) % len(WORDS)] for step in range(6)]
        paragraphs.append(f"In part {part} of report {number} the {' and the '.join(chosen)} were seen. " * 6)
    paragraphs.append(f"“Nothing of report {number} may be lost,” said Ada Okafor, the mayor of Port Selby.")
    clerk = f"{_GIVEN[number % len(_GIVEN)]} {_FAMILY[number // 7 % len(_FAMILY)]}"
    paragraphs.append(f"“We counted the boats of day {number} twice,” said {clerk}, the clerk of the harbour.")
    if edition:
        paragraphs.append(f"“Report {number} is final in edition {edition},” said Ada Okafor.")
    return Draft(
        "\n\n".join(paragraphs),
        url=f"https://wire.example/{number}",
        published_at=PUBLISHED,
        updated_at=PUBLISHED + timedelta(hours=edition) if edition else None,
    )


def stories(day: int) -> list[Story]:
    """What the feed lists on a day; every story has another edition each third day."""
    numbers = range(NEW * day, NEW * day + LISTED)
    return [Story(number, version=1 + max(0, NEW * day + LISTED - 1 - number) // (3 * NEW)) for number in numbers]


def told(title: str, body: str) -> tuple[int, int, bool]:
    """Which report a stored article is, in which edition; and whether it came by the feed."""
    headline = _HEADLINE.match(title)
    assert headline is not None, f"nobody added {title!r}"
    edition = _EDITION.search(body)
    return int(headline[1]), int(edition[1]) if edition else 0, headline[2] not in WORDS


@lru_cache(maxsize=20_000)
def expected(number: int, edition: int, checksum: str = "0" * 64, *, by_feed: bool = False) -> NewArticle:
    """Everything that the archive has to hold of it."""
    story = Story(number, version=edition)
    given = Draft("\n\n".join(story.paragraphs()), title=story.title) if by_feed else draft(number, edition)
    return embed_article(read_article(given), HashingEmbedder(checksum=checksum))
