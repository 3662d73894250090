"""Measures what it costs to tell who is who: `python -m tests.benchmarks.speakers 10000`.

A made-up archive of so many articles, each quoting about seven names. People are quoted as often as Zipf's law has it,
share surnames, change roles, and are printed now by surname alone and now with an initial. Everything is written into
the archive's own tables, a table at a time. A process of its own asks for everybody, adds articles one after the other
and asks again, each time for eight readers.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from retrieval.adapters.system.malloc_trim import malloc_trim
from retrieval.archive import schema
from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewSpeaker
from retrieval.archive.speakers.speaker_rows import speaker_key
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Scope
from retrieval.text.words import word_list
from tests.benchmarks.peer import resident
from tests.support.fakes import HashingEmbedder
from tests.support.paths import ROOT
from tests.support.prepared import NOON, new_article, quotation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrieval.archive.archive import Archive

GIVEN: Final = word_list(
    "john mary ann peter joe joseph robert bob elena omar ines hugo nora ivan lena mark ruth karim aiko sven paula "
    "tariq olga bruno clara dmitri esther felix grace hamid"
)
OFFICES: Final = (
    "mayor of {}", "senator from {}", "spokesperson for {}", "police chief in {}", "director of the museum of {}",
    "{} coach", "professor at the University of {}", "minister of transport", "former mayor of {}",
    "chief executive of {} Steel",
)  # fmt: skip
PLACES: Final = ("Selby", "Norden", "Hafen", "Alton", "Brook", "Castor", "Derry", "Elm", "Farley", "Grove", "Holm")
SYLLABLES: Final = tuple(first + second for first in "bdfghklmnprstvwz" for second in "aeiou")
SURNAMES, PEOPLE, NAMES_AN_ARTICLE, AT_ONCE, ADDED = 12_000, 60_000, 7, 500, 12
OWN: Final = (7, 8, 9)
"""Servers with articles of their own, one in a hundred."""
READERS: Final = (Scope(), *(Scope(CollectionId(number)) for number in (1, 2, 3, 4, *OWN)))


class People:
    """Who may be quoted, and how they are printed this time."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        surnames = ["".join(self._chance.choices(SYLLABLES, k=3)).capitalize() for _ in range(SURNAMES)]
        given, weights = sorted(GIVEN), [1 / (rank + 20) for rank in range(SURNAMES)]
        self._people = [
            (self._chance.choice(given).capitalize(), surname, self._roles())
            for surname in self._chance.choices(surnames, weights, k=PEOPLE)
        ]
        self._weights = [1 / (rank + 50) for rank in range(PEOPLE)]

    def _roles(self) -> list[str]:
        offices = self._chance.sample(OFFICES, self._chance.choice((1, 1, 2, 3)))
        return [office.format(self._chance.choice(PLACES)) for office in offices]

    def quoted(self) -> list[NewSpeaker]:
        """The names of one article; some of its people are printed twice, the second time by surname alone."""
        found: list[NewSpeaker] = []
        for given, surname, roles in self._chance.choices(self._people, self._weights, k=NAMES_AN_ARTICLE - 1):
            luck = self._chance.random()
            middle = f" {surname[1].upper()}." if luck < 0.05 else ""
            name = surname if luck > 0.85 else f"{given}{middle} {surname}"
            role = self._chance.choice(roles) if self._chance.random() < 0.6 else None
            found.append(NewSpeaker(name, role))
        return [*found, NewSpeaker(found[0].name.rpartition(" ")[2])]


def fill(archive: Archive, count: int) -> None:
    """`count` articles, written a table at a time."""
    people, known = People(5), dict[str, int]()
    for first in range(1, count + 1, AT_ONCE):
        with archive._connections.writing() as connection:
            _store(connection, range(first, min(first + AT_ONCE, count + 1)), people, known)
    with archive._connections.writing() as connection:
        count_numbers(connection)


def count_numbers(connection: sa.Connection) -> None:
    """What is added later goes on from the numbers that the articles have."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO article_numbers (collection_id, last)"
        " SELECT collection_id, max(number) FROM visibility GROUP BY collection_id"
    )


def _store(connection: sa.Connection, numbers: range, people: People, known: dict[str, int]) -> None:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in schema.metadata.tables}
    for number in numbers:
        published = NOON - timedelta(hours=number % 9000)
        rows["articles"].append(
            {
                "id": number,
                "content_hash": f"{number:064}",
                "title": f"Article {number}",
                "body": "x" * 99,
                "authors": [],
            }
            | {"added_at": NOON, "published_at": published if number % 20 else None}
        )
        collection = OWN[number % len(OWN)] if number % 100 == 0 else SHARED
        rows["visibility"].append({"article_id": number, "collection_id": collection, "number": number})
        for place, speaker in enumerate(people.quoted()):
            id_ = number * 10 + place
            key = speaker_key(speaker.name)
            if key not in known:
                known[key] = len(known) + 1
                rows["speakers"].append({"id": known[key], "key": key, "name": speaker.name})
            span = {"content_start": place * 9, "content_end": place * 9 + 8, "context_start": 0, "context_end": 99}
            rows["quotations"].append(
                {"id": id_, "article_id": number, "kind": "direct", "attribution": "named", "confidence": 0.9} | span
            )
            rows["quotation_speakers"].append(
                {"quotation_id": id_, "speaker_id": known[key], "ordinal": 0}
                | {"name": speaker.name, "role": speaker.role, "rank": None}
            )
        rows["changes"].append({"first_passage": 1, "last_passage": 0, "kind": "add"})
    for table in schema.metadata.sorted_tables:
        if rows[table.name]:
            connection.execute(sa.insert(table), rows[table.name])


def add(archive: Archive, number: int, people: People, collection: CollectionId) -> None:
    """One more article, as articles are added."""
    quoted = people.quoted()
    text = "\n".join(f"Somebody said “words {place} of {number}.” and went home" for place in range(len(quoted)))
    said = tuple(quotation(text, f"words {place} of {number}.", one) for place, one in enumerate(quoted))
    archive.articles.add(
        replace(new_article(f"New {number}", text), quotations=said),
        HashingEmbedder().spec,
        collection=collection,
        now=NOON,
    )


def measure(path: Path) -> dict[str, Any]:
    """Milliseconds of processor time: the first answer, then those after each addition; and the memory at the end."""
    with open_archive(path) as archive:
        speakers, people, spent = archive.speakers, People(6), dict[str, list[float]]()
        before = resident()

        def ask(what: str, work: Callable[[], object]) -> None:
            began = time.process_time()
            work()
            spent.setdefault(what, []).append((time.process_time() - began) * 1000)

        ask("first", lambda: speakers.like(READERS[0], "joh", 25))
        malloc_trim()
        first = resident()
        for scope in READERS[1:]:
            ask("reader", lambda: speakers.like(scope, "joh", 25))  # noqa: B023 - called at once
        malloc_trim()
        every = resident()
        for number in range(ADDED):
            add(archive, number, people, SHARED if number % 2 else CollectionId(OWN[0]))
            ask("same reader", lambda: speakers.like(READERS[0], "joh", 25))
            for scope in READERS[1:]:
                ask("others", lambda: speakers.like(scope, "joh", 25))  # noqa: B023
        malloc_trim()
        memory = [one - before for one in (first, every, resident())]
        return {"spent": spent, "memory": memory, "people": len(speakers.directory(READERS[0]).entries)}


def table(count: int) -> str:
    """All of it as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.sqlite3"
        with open_archive(path) as archive:
            fill(archive, count)
        command = [sys.executable, "-m", "tests.benchmarks.speakers", "--measure", str(path), str(count)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        told = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(told.stdout.splitlines()[-1])
    spent, memory = found["spent"], found["memory"]
    rows = [
        ("The first answer", _times(spent["first"])),
        ("The first answer for each of seven servers more, three with articles of their own", _times(spent["reader"])),
        ("The answer after an article was added", _times(spent["same reader"])),
        ("· for each of the seven others", _times(spent["others"])),
        (
            "Memory after the first answer, for all eight, after the additions",
            ", ".join(f"{one:.0f}" for one in memory),
        ),
    ]
    lines = [f"| {count:,} articles, {found['people']:,} people | milliseconds of processor, or MB |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {what} | {value} |" for what, value in rows)])


def _times(spent: Sequence[float]) -> str:
    return f"{statistics.median(spent):.0f} (most: {max(spent):.0f})"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.speakers")
    parser.add_argument("articles", type=int, nargs="?", default=10_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.measure:
        sys.stdout.write(json.dumps(measure(given.measure)) + "\n")
        return
    sys.stdout.write(table(given.articles) + "\n")


if __name__ == "__main__":
    main()
