"""A process to be killed while it indexes: `python -m tests.retrieval.killed ARCHIVE`.

For each line it reads it forks a child, which opens the archive and adds articles, removes some, and replaces others by
newer versions, until its end. What the newsroom confirmed is printed at once, a line each: `added NUMBER ID`,
`removed NUMBER ID`, `replaced NUMBER ID`. Forking spares every child the imports, and what is loaded at first use.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from config.settings import QuotationParser, Settings
from retrieval.assembly import open_newsroom
from retrieval.domain.articles import Draft
from retrieval.domain.readers import Reader
from retrieval.ingest import embed_article, read_article
from tests.fakes import HashingEmbedder

REMOVED_EVERY = 7
REPLACED_EVERY = 5
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


def draft(number: int, *, newer: bool = False) -> Draft:
    """An article of a few paragraphs, one of them a quotation; no two are the same. `newer` is its next version."""
    paragraphs = [f"Report number {number} from the {WORDS[number % len(WORDS)]}"]
    for part in range(2 + number % 5):
        chosen = [WORDS[(number * 7 + part * 3 + step) % len(WORDS)] for step in range(6)]
        paragraphs.append(f"In part {part} of report {number} the {' and the '.join(chosen)} were seen. " * 6)
    paragraphs.append(f"“Nothing of report {number} may be lost,” said Ada Okafor, the mayor of Port Selby.")
    if newer:
        paragraphs.append(f"“Report {number} is final,” said Ada Okafor.")
    return Draft(
        "\n\n".join(paragraphs),
        url=f"https://wire.example/{number}",
        published_at=PUBLISHED,
        updated_at=PUBLISHED + timedelta(hours=1) if newer else None,
    )


def main() -> None:
    """Fork a child for each line of the standard input, and say when it is gone."""
    embed_article(read_article(draft(1)), HashingEmbedder())  # what is loaded at its first use is loaded once, here
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _index(Path(sys.argv[1]), int(line))
        _say(f"child {child}")
        os.waitpid(child, 0)
        _say("gone")


def _index(path: Path, first: int) -> None:
    with open_newsroom(settings(path), HashingEmbedder()) as newsroom:
        _say(f"open {os.getpid()}")
        for number in count(first):
            article = newsroom.add_article(draft(number)).article
            _say(f"added {number} {article.id}")
            if number % REMOVED_EVERY == 0:
                newsroom.remove_article(Reader(), article.id)
                _say(f"removed {number} {article.id}")
            elif number % REPLACED_EVERY == 0:
                replaced = newsroom.add_article(draft(number, newer=True)).article
                _say(f"replaced {number} {replaced.id}")


def settings(path: Path) -> Settings:
    """Those of a newsroom over the archive alone, without seeds."""
    return Settings(archive_path=path, seeds_path=path.with_name("no-seeds"), quotation_parser=QuotationParser.RULES)


def _say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


if __name__ == "__main__":
    main()
