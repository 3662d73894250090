"""Follow-ups over the own set's articles: the right article and sentence at least as often as once, by the real model.

`own/follow_ups.jsonl` has what the last answer was about, a question, and words of the sentence that answers it; none
for a question about something else. `own/floors.toml` pins the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Abstention, Answer, Context
from retrieval.domain.scope import Scope
from tests.quality.answers import index, records, settings_of
from tests.quality.test_floors import FLOORS, OWN, SPARE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.domain.answers import Citation
    from retrieval.newsroom import Newsroom

EVERYBODY = Scope()


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, float]:
    """The shares with the right article, and with the right sentence marked; and of other questions, those misread."""
    titles = {article["id"]: article["title"] for article in records([OWN], "articles.jsonl")}
    lines = list(records([OWN], "follow_ups.jsonl"))
    with open_newsroom(settings_of(tmp_path_factory.mktemp("own") / "archive.sqlite3")) as room:
        room.warm_up.result()
        index(room, records([OWN], "articles.jsonl"))
        last = {about: last_answer(room, titles[about]) for about in {line["about"] for line in lines}}
        told = [(line["evidence"], follow_up(room, last[line["about"]], line["question"])) for line in lines]
    right = [about for words, (about, _) in told if words]
    marked = [about and words in sentence for words, (about, sentence) in told if words]
    misread = [about for words, (about, _) in told if not words]
    return {
        name: sum(found) / len(found) for name, found in (("article", right), ("marked", marked), ("misread", misread))
    }


def last_answer(room: Newsroom, headline: str) -> Citation:
    """Ask about an article by its headline."""
    result = room.ask(EVERYBODY, headline)
    assert isinstance(result, Answer)
    assert result.citations[0].source.title == headline
    return result.citations[0]


def follow_up(room: Newsroom, last: Citation, question: str) -> tuple[bool, str]:
    """Ask after an answer: whether the question was read as being about the same article; the mark."""
    result = room.ask(EVERYBODY, question, context=Context(last.passage_id))
    answered = "" if isinstance(result, Abstention) else result.citations[0].answering
    return result.about == last.source.title, answered or ""


@pytest.mark.model
@pytest.mark.parametrize("name", ["article", "marked"])
def test_follow_ups_are_as_good_as_they_were(figures: Mapping[str, float], name: str) -> None:
    assert FLOORS["follow_ups"][name] <= figures[name] <= FLOORS["follow_ups"][name] + SPARE


@pytest.mark.model
def test_no_question_about_something_else_is_read_as_a_follow_up(figures: Mapping[str, float]) -> None:
    assert figures["misread"] == 0
