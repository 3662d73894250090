"""Questions that an archive cannot answer, in four kinds, made from evaluation data; the same ones every time.

- *other archive*: questions that name somebody or something, of sets that are not indexed here
- *exchanged*: a name replaced by another of the article, or two names of the question in each other's place
- *older event*: questions about an event, asked of "this week" or "today" two years later
- *nonsense*: letters, words of different questions together, greetings, single common words
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, Final

from tests.fitting.answer_examples import exchanged, names_asked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Line = Mapping[str, Any]

MOST: Final = 120
"""How many questions of a kind are asked."""

_LATER: Final = timedelta(days=730)
_NOW: Final = ("today", "this week", "recently", "this month", "in the past few days")
_GREETINGS: Final = ("hi", "thanks!", "lol", "help", "who are you", "good morning", "👍", "ok cool", "why", "what's up")
_COMMON_WORDS: Final = ("water", "people", "time", "home", "money", "world", "the", "day", "big", "go")


def unanswerable(
    questions: Iterable[Line], articles: Iterable[Line], elsewhere: Iterable[Line] = ()
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each kind with its questions, at most `MOST`; `elsewhere` are questions of sets that are not indexed."""
    articles_by_id = {article["id"]: article for article in articles}
    answerable = [question for question in questions if question["answerable"] and question["evidence"]]
    texts = {id_: article["text"] for id_, article in articles_by_id.items()}
    yield "other archive", _some("other", (line for line in elsewhere if names_asked(line["question"])))
    yield "exchanged", _some("exchanged", [*exchanged(answerable, texts), *_swapped(answerable)])
    yield "older event", _some("older", _asked_later(answerable, articles_by_id))
    yield "nonsense", list(_nonsense([question["question"] for question in answerable]))


def _some(kind: str, questions: Iterable[Line]) -> list[dict[str, Any]]:
    """A sample, each with an id of its own and marked as unanswerable."""
    found = list(questions)
    chosen = random.Random(7).sample(found, min(MOST, len(found)))
    return [{**line, "id": f"{line['id']}-{kind}-{number}", "answerable": False} for number, line in enumerate(chosen)]


def _swapped(questions: Iterable[Line]) -> Iterator[Line]:
    """Questions with two names, each in the other's place: "why did Roe sue Dahl" asks why Dahl sued Roe."""
    for question in questions:
        text, names = question["question"], names_asked(question["question"])
        if len(names) > 1 and names[0].group() != names[-1].group():
            first, last = names[0], names[-1]
            between = text[first.end() : last.start()]
            swapped = text[: first.start()] + last.group() + between + first.group() + text[last.end() :]
            yield {**question, "question": swapped}


def _asked_later(questions: Iterable[Line], articles_by_id: Mapping[str, Line]) -> Iterator[Line]:
    """Questions of dated articles, as if of two years later."""
    for question in questions:
        published = articles_by_id[question["evidence"][0]["article_id"]].get("published_at")
        if published:
            asked = datetime.fromisoformat(published) + _LATER
            words = random.Random(question["id"]).choice(_NOW)
            text = f"{question['question'].rstrip('?. ')} {words}?"
            yield {**question, "question": text, "question_date": f"{asked:%Y-%m-%d}"}


def _nonsense(questions: Sequence[str]) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    letters = [" ".join(_letters(chance) for _ in range(chance.randint(1, 3))) for _ in range(30)]
    words = sorted({word for text in questions for word in text.lower().split() if word.isalpha() and len(word) > 4})
    salad = [" ".join(chance.sample(words, 3)) for _ in range(30)] if len(words) > 2 else []
    for number, text in enumerate([*letters, *salad, *_GREETINGS, *_COMMON_WORDS]):
        yield {"id": f"nonsense-{number}", "question": text, "answerable": False, "evidence": []}


def _letters(chance: random.Random) -> str:
    return "".join(chance.choices(ascii_lowercase, k=chance.randint(3, 8)))
