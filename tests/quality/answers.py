"""Ask the questions of data folders, for scoring: `python -m tests.quality.answers --data DIR[,DIR…] --out FILE`.

The `articles.jsonl` of all folders are indexed together, but for those marked `"indexed": false`, through the
product's own door; then every question of every `questions.jsonl` among them is asked. FILE gets one JSON line a
question: `id`, `passages` (best first) and the marked `sentence` as `article_id`, `start`, `end` in the text as given,
`confidence`, its `word`, `abstained`. A passage of a text that stands under several ids is given under each.
`--archive FILE` keeps what was indexed, and takes it up again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.settings import QuotationParser, ReaderUse, Settings
from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Abstention, Answer
from retrieval.domain.articles import Draft, Span
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from retrieval.errors import ArticleRejected, QuestionRejected
from retrieval.text.cleaning import Normalised, normalise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.domain.answers import Citation
    from retrieval.domain.ids import ArticleId
    from retrieval.newsroom import Newsroom

EVERYBODY = Scope()


@dataclass(frozen=True, slots=True)
class Given:
    """An article of a data folder: its ids there, several for a text that several carry, and its stored body.

    The body knows where each of its characters stood in the text as given.
    """

    ids: list[str]
    body: Normalised

    def places(self, span: Span) -> list[dict[str, object]]:
        """A span of the body as a place in the text as given, under each of its ids."""
        raw = self.body.raw_span(span)
        return [{"article_id": id_, "start": raw.start, "end": raw.end} for id_ in self.ids]


def records(folders: Sequence[Path], name: str) -> Iterator[dict[str, Any]]:
    """The lines of the folders' files of this name; a folder need not have one."""
    for path in (folder / name for folder in folders):
        if path.exists():
            with path.open(encoding="utf-8") as lines:
                yield from (json.loads(line) for line in lines if line.strip())


def index(room: Newsroom, articles: Iterator[dict[str, Any]]) -> dict[ArticleId, Given]:
    """Add the articles marked for indexing; refused ones are reported and skipped."""
    given: dict[ArticleId, Given] = {}
    for article in articles:
        if not article.get("indexed", True):
            continue
        try:
            added = room.importer.add(_draft(article), SHARED)
        except ArticleRejected as error:
            sys.stderr.write(f"{article['id']}: {error}\n")
        else:
            known = given.setdefault(added.article.id, Given([], normalise(article["text"])))
            known.ids.append(article["id"])
    return given


def _draft(article: dict[str, Any]) -> Draft:
    return Draft(
        article["text"],
        title=article.get("title"),
        publisher=article.get("source"),
        published_at=_day(article.get("published_at")),
    )


def asked_at(question: dict[str, Any]) -> datetime | None:
    """When a question was asked, for words like "this week"; None where the data does not say."""
    return _day(question.get("question_date"))


def _day(date: str | None) -> datetime | None:
    return datetime.fromisoformat(date).replace(tzinfo=UTC) if date else None


def prediction(room: Newsroom, given: dict[ArticleId, Given], question: dict[str, Any]) -> dict[str, object]:
    """The bot's answer to one question."""
    try:
        result = room.ask(EVERYBODY, question["question"], asked_at(question))
    except QuestionRejected:
        return {
            "id": question["id"],
            "passages": [],
            "sentence": None,
            "confidence": 0.0,
            "word": None,
            "abstained": True,
        }
    match result:
        case Answer(citations=citations):
            abstained = False
        case Abstention(nearest=citations):
            abstained = True
    return {
        "id": question["id"],
        "passages": [place for citation in citations for place in given[citation.article_id].places(citation.span)],
        "sentence": _sentence(given, citations),
        "confidence": round(result.probability, 4),
        "word": result.confidence if isinstance(result, Answer) else None,
        "abstained": abstained,
    }


def _sentence(given: dict[ArticleId, Given], citations: Sequence[Citation]) -> dict[str, object] | None:
    if not citations or citations[0].marked is None:
        return None
    return given[citations[0].article_id].places(citations[0].marked)[0]


def settings_of(archive: Path) -> Settings:
    """The settings of an archive without seeds and without a parser; the reader does not depend on the machine."""
    return Settings(
        archive_path=archive,
        seeds_path=archive.parent / "no-seeds",
        quotation_parser=QuotationParser.RULES,
        reader=ReaderUse.ON,
    )


def run(folders: Sequence[Path], archive: Path, out: Path) -> tuple[int, int]:
    """Index, ask, write; how many articles and questions there were."""
    with open_newsroom(settings_of(archive)) as room, out.open("w", encoding="utf-8") as lines:
        room.warm_up.result()
        given = index(room, records(folders, "articles.jsonl"))
        asked = 0
        for question in records(folders, "questions.jsonl"):
            lines.write(json.dumps(prediction(room, given, question), ensure_ascii=False) + "\n")
            asked += 1
    return len(given), asked


def main() -> int:
    """Read the command line, run, and say on standard error how long it took."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--data", required=True, help="folders with articles.jsonl and questions.jsonl, commas between"
    )
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--archive", type=Path, help="keep the archive in this file, or take it up again")
    chosen = options.parse_args()
    folders = [Path(folder) for folder in chosen.data.split(",")]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        articles, questions = run(folders, chosen.archive or Path(scratch) / "archive.sqlite3", chosen.out)
    sys.stderr.write(f"{questions} questions to {articles} articles in {time.perf_counter() - began:.0f} s\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
