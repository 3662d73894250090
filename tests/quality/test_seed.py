"""An archive of the seed article alone: it answers what the article says, and refuses what it does not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from config.settings import Settings
from retrieval.assembly import open_newsroom
from retrieval.domain import Abstention, Answer, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.newsroom import Newsroom

pytestmark = pytest.mark.model
SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    settings = Settings(archive_path=tmp_path_factory.mktemp("seed") / "archive.sqlite3", seeds_path=SEEDS)
    with open_newsroom(settings) as room:
        room.warm_up.result()
        yield room


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("why was the delegation cancelled?", "prompting Prime Minister Benjamin Netanyahu to cancel"),
        ("who called the delegation surprising?", "Matthew Miller called the withdrawn delegation"),
        ("how many hostages?", "more than 130 hostages"),
        ("is Gallant still meeting Austin?", "still expected to meet"),
        ("what did US officials think of Netanyahu's displeasure?", "manufactured for domestic purposes"),
        ("when was the vote?", "deteriorated Monday with the passage"),
        ("what did Bernie Sanders tweet?", "not so upset"),
        ("how many people are sheltering in Rafah?", "more than 1 million Palestinians"),
    ],
)
def test_the_sentence_that_answers_is_marked(room: Newsroom, question: str, told: str) -> None:
    result = room.ask(Reader(), question)
    assert isinstance(result, Answer)
    assert told in (result.citations[0].answering or "")


@pytest.mark.parametrize(
    "question",
    [
        "what did Kirby say about Ukraine?",
        "how many hostages were freed Monday?",
        "who won the Champions League?",
        "what did Putin say?",
        "why did Hamas cancel its delegation?",
        "why did hamas cancel its delegation",
    ],
)
def test_what_the_article_does_not_say_is_refused(room: Newsroom, question: str) -> None:
    assert isinstance(room.ask(Reader(), question), Abstention)
