"""What is damaged is left out of an answer and logged once; everything else is answered."""

from __future__ import annotations

import logging
import shutil
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from retrieval.active_model import ActiveModel
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.articles.importing import Importer
from retrieval.domain.answers import Abstention, Answer
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.scope import Scope
from retrieval.newsroom import Newsroom
from tests.retrieval.damaged import EMBEDDER, HERE, change, fill
from tests.support.fakes import PlainArticleReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.domain.answers import Citation
    from retrieval.domain.ids import PassageId

READER = Scope(HERE)
_SCALE = (
    "UPDATE vectors SET tokens = CAST(substr(tokens, 1, 5 + 2 * {count}) || x'ff7f' || "
    "substr(tokens, 8 + 2 * {count}) AS BLOB) WHERE passage_id = {}"
)
"""A token whose scale is no number."""
QUESTION = "What did the council say of bridge 4 and its cracks?"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "news.sqlite3"
    fill(path)
    return path


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path / "news.sqlite3"))


@contextmanager
def newsroom(path: Path) -> Iterator[Newsroom]:
    ready: Future[None] = Future()
    ready.set_result(None)
    with open_archive(path) as archive, closing(FaissSearch(archive, EMBEDDER.spec)) as search:
        importer = Importer(archive, ActiveModel(EMBEDDER), PlainArticleReader())
        yield Newsroom(archive, search, ActiveModel(EMBEDDER), importer, ready)


def cited(found: Answer | Abstention) -> tuple[Citation, ...]:
    return found.citations if isinstance(found, Answer) else found.nearest


def passages(path: Path) -> list[PassageId]:
    with newsroom(path) as room:
        return [citation.passage_id for citation in cited(room.ask(READER, QUESTION))]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE vectors SET vector = zeroblob(length(vector)) WHERE passage_id = {}",
        "UPDATE vectors SET vector = CAST(x'ff7f' || substr(vector, 3) AS BLOB) WHERE passage_id = {}",
        "UPDATE vectors SET vector = x'00' WHERE passage_id = {}",
        "UPDATE vectors SET vector = 'text' WHERE passage_id = {}",
        "UPDATE vectors SET tokens = CAST(x'02' || substr(tokens, 2) AS BLOB) WHERE passage_id = {}",
        "UPDATE vectors SET tokens = CAST(substr(tokens, 1, length(tokens) - 1) AS BLOB) WHERE passage_id = {}",
        "UPDATE vectors SET tokens = x'' WHERE passage_id = {}",
        _SCALE,
        'UPDATE passages SET "end" = 9999 WHERE id = {}',
        "UPDATE passages SET words = 'many' WHERE id = {}",
    ],
)
def test_a_damaged_passage_is_left_out_of_answers_and_told_once(
    path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    best, *others = passages(path)
    assert others
    with open_archive(path) as archive:
        (outline,) = archive.passages.outlines(READER, [best], EMBEDDER.spec)
    assert outline.tokens is not None
    change(path, damage.format(best, count=int.from_bytes(outline.tokens[1:3], "little")))
    with newsroom(path) as room, caplog.at_level(logging.WARNING):
        found = [cited(room.ask(READER, QUESTION)) for _ in range(3)]
        room.quotes_by(READER, "Ann Lee", "the bridge and the council")
    assert all(answer and best not in {citation.passage_id for citation in answer} for answer in found)
    told = [record.getMessage() for record in caplog.records if "is damaged and is left out" in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith(f"Passage {best} in {path} is damaged")


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE articles SET published_at = 'last week' WHERE id = 5",
        "UPDATE articles SET added_at = 5 WHERE id = 5",
        "UPDATE articles SET authors = '[\"Ann' WHERE id = 5",
        "UPDATE articles SET authors = '{}' WHERE id = 5",
        "UPDATE articles SET notice = 'corrxcted' WHERE id = 5",
        "UPDATE articles SET title = CAST(x'ff4272' AS TEXT) WHERE id = 5",
        "UPDATE articles SET body = CAST(x'ff' || body AS TEXT) WHERE id = 5",
        "UPDATE articles SET body = replace(body, 'council', 'counsel') WHERE id = 5",
        "UPDATE quotations SET content_end = 9999 WHERE article_id = 5",
        "UPDATE quotations SET kind = 'dirext' WHERE article_id = 5",
        "UPDATE quotations SET attribution = 'nxmed' WHERE article_id = 5",
        "UPDATE overrides SET kind = 'pxrt'",
        "UPDATE speakers SET name = CAST(x'ff4272' AS TEXT)",
    ],
)
def test_what_a_damaged_row_says_keeps_nobody_from_the_rest(path: Path, damage: str) -> None:
    change(path, damage)
    with newsroom(path) as room:
        assert cited(room.ask(READER, QUESTION))
        assert isinstance(room.quotes_by(READER, "Ann Lee"), QuotationsFound)
        listed = room.articles.entries(READER)
        assert room.articles.page(READER, "bridge", 0).total == len(listed) > 3
        for entry in listed:
            assert room.articles.show(READER, entry.id).article.source.title == entry.source.title
        assert room.about(READER).articles == len(listed)
        assert room.articles.export(READER).lines
        assert room.overrides.active(READER) is not None


def test_without_the_full_text_index_answers_are_found_by_meaning(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    change(path, "DELETE FROM passage_words_data WHERE id > 10")
    with newsroom(path) as room, caplog.at_level(logging.WARNING):
        assert all(cited(room.ask(READER, QUESTION)) for _ in range(3))
    assert caplog.text.count("Full-text index 1 in") == 1


def test_a_text_that_is_not_what_was_added_is_never_quoted(path: Path) -> None:
    change(path, "UPDATE articles SET body = replace(body, 'council', 'counsel') WHERE id = 5")
    with newsroom(path) as room:
        assert all(citation.article_id != 5 for citation in cited(room.ask(READER, QUESTION)))
        found = room.quotes_by(READER, "Ann Lee")
        assert isinstance(found, QuotationsFound)
        assert all(each.quotation.article_id != 5 for each in found.quotations)
