"""An archive of the seed article alone: it answers what the article says, and refuses what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.settings import Settings
from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Abstention, Answer
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound
from retrieval.domain.scope import Scope
from tests.support.paths import SEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.newsroom import Newsroom

pytestmark = pytest.mark.model


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
    result = room.ask(Scope(), question)
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
    assert isinstance(room.ask(Scope(), question), Abstention)


@pytest.mark.parametrize(
    ("speaker", "about", "told"),
    [
        ("Kirby", "the delegation or policy", ["And we get to decide what our policy is", "disappointed", "perplexed"]),
        ("Kirby", "disagreement between the leaders", ["These are two leaders who have known each other"]),
        ("Kirby", "the resolution is not binding", ["non-binding"]),
        ("Ryder", "civilians", ["There are ways to go about", "We think that a ground invasion"]),
        ("Miller", "delegation", ["surprising and unfortunate"]),
    ],
)
def test_quotations_are_narrowed_by_meaning(room: Newsroom, speaker: str, about: str, told: list[str]) -> None:
    found = room.quotes_by(Scope(), speaker, about)
    assert isinstance(found, QuotationsFound)
    assert [words for words, cited in zip(told, found.quotations, strict=True) if cited.words.startswith(words)] == told


@pytest.mark.parametrize("about", ["climate change", "football results", "pizza recipes"])
def test_nobody_is_quoted_about_what_the_article_does_not_mention(room: Newsroom, about: str) -> None:
    assert all(
        isinstance(room.quotes_of(Scope(), entry.speaker.id, about), NotQuotedAbout)
        for entry in room.speakers.like(Scope(), "")
    )
