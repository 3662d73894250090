"""What the reader is fitted on: questions with passages as sentences, and which of these answer, if any does."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from retrieval.assembly import open_newsroom
from retrieval.text.words import analyse
from tests.fitting.answer_examples import article_of, exchanged, is_evidence, ranked
from tests.fitting.fit_quotations import part_of
from tests.quality.answers import index, records, settings_of
from tests.quality.scoring import asked_of, hits, place_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from retrieval.domain.articles import Span
    from retrieval.domain.ids import ArticleId
    from retrieval.ranking import ScoredPassage
    from tests.quality.answers import Given
    from tests.quality.scoring import AnswerType

MOST_WRONG: Final = 3
"""The passages without an answer that a question is learned with, beside the one that has it."""
WITHOUT_ANSWER: Final = 0.25
"""The share of general questions that are put to another passage, the nearest by its words."""
_COMMON: Final = 300
_NEAREST: Final = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as its sentences, and which of them answer."""

    title: str
    sentences: tuple[str, ...]
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A question with passages; in a `ranked` group the first answers and the others do not."""

    question: str
    passages: tuple[Passage, ...]
    ranked: bool = False


@dataclass(frozen=True, slots=True)
class NewsQuestion:
    """A question of one article: the best passage that answers, and those ranked high that do not, best first.

    Where it makes no sense without its article, the wrong passages are of that article.
    """

    question: str
    of: str
    right: Passage | None
    wrong: tuple[Passage, ...]
    makes_sense: bool
    answerable: bool

    def drawn(self, chance: random.Random) -> Group | None:
        """Some of its passages; None where nothing can be learned."""
        if self.right is not None:
            most = MOST_WRONG if self.makes_sense else 1
            wrong = chance.sample(self.wrong[:5], min(most, len(self.wrong[:5])))
            return Group(self.question, (self.right, *wrong), ranked=self.makes_sense)
        if self.answerable or not self.wrong:
            return None
        return Group(self.question, tuple(chance.sample(self.wrong[:4], min(2, len(self.wrong[:4])))))


class GeneralQuestions:
    """Questions with the sentence that answers: `questions.jsonl` and `contexts.jsonl` of a folder."""

    def __init__(self, folder: Path) -> None:
        self._contexts = {one["context"]: one for one in records([folder], "contexts.jsonl")}
        self._questions = list(records([folder], "questions.jsonl"))
        self._words = {key: frozenset(analyse(_text(one))) for key, one in self._contexts.items()}
        counted = Counter(word for words in self._words.values() for word in words)
        self._rarity = {word: math.log(len(self._words) / times) for word, times in counted.items() if times < _COMMON}
        self._with = defaultdict[str, list[str]](list)
        for key, words in self._words.items():
            for word in words & self._rarity.keys():
                self._with[word].append(key)

    def drawn(self, chance: random.Random) -> Iterator[Group]:
        """Every question once, those of the small sources twice, in an order drawn anew; some with no answer."""
        small = [one for one in self._questions if self._contexts[one["context"]]["source"] != "qamr"]
        questions = self._questions + small
        for question in chance.sample(questions, len(questions)):
            key, right = question["context"], tuple(question["gold"])
            other = self._near(question, chance) if chance.random() < WITHOUT_ANSWER else None
            if other is not None:
                key, right = other, ()
            context = self._contexts[key]
            title = context["title"] or "" if chance.random() < 0.8 else ""
            yield Group(question["question"], (Passage(title, tuple(context["sentences"]), right),))

    def _near(self, question: Mapping[str, Any], chance: random.Random) -> str | None:
        scores = Counter[str]()
        for word in set(analyse(question["question"])) & self._rarity.keys():
            for key in self._with[word]:
                scores[key] += self._rarity[word]  # type: ignore[assignment]  # a counter may count in fractions
        nearest = [key for key, _ in scores.most_common(_NEAREST + 1) if key != question["context"]]
        return chance.choice(nearest[:_NEAREST]) if nearest else None


def half_of(article: str) -> int:
    """The half, 0 or 1, that an article's questions belong to."""
    return int(part_of(article, 10, "a") >= 5)


def news_questions(folders: Sequence[Path], archive: Path, *, exchange: bool) -> Iterator[NewsQuestion]:
    """The questions to articles that are indexed together; with `exchange` also those with a name exchanged."""
    texts = {article["id"]: article["text"] for article in records(folders, "articles.jsonl")}
    questions = list(records(folders, "questions.jsonl"))
    others = list(exchanged(questions, texts)) if exchange else []
    with open_newsroom(settings_of(archive)) as room:
        room.warm_up.result()
        given = index(room, records(folders, "articles.jsonl"))
        for question in (*questions, *others):
            passages = ranked(room, question)
            if passages:
                yield _news_question(question, given, passages)


def _news_question(
    question: dict[str, Any], given: Mapping[ArticleId, Given], ranked: Sequence[ScoredPassage]
) -> NewsQuestion:
    asked = asked_of(question)
    right, wrong = [], []
    for scored in ranked:
        found, article = scored.found, given[scored.found.passage.article_id]
        spans = [sentence.span for sentence in scored.evidence.sentences]
        hit = asked.answerable and any(hits(asked, place_of(place)) for place in article.places(found.passage.span))
        answers = [
            at
            for at, span in enumerate(spans)
            if hit and _answers(article, span.moved(found.passage.span.start), asked)
        ]
        passage = Passage(found.article.source.title, tuple(span.of(found.text) for span in spans), tuple(answers))
        if answers:
            right.append((found.passage.article_id, passage))
        elif not hit:
            wrong.append((found.passage.article_id, passage))
    alone = question.get("n_entity_words", 1) == 0
    if right and alone:
        wrong = [(of, passage) for of, passage in wrong if of == right[0][0]]
    return NewsQuestion(
        question["question"],
        article_of(question),
        right[0][1] if right else None,
        tuple(passage for _, passage in wrong),
        makes_sense=not alone,
        answerable=asked.answerable,
    )


def _answers(article: Given, span: Span, asked: AnswerType) -> bool:
    return any(is_evidence(place_of(place), asked) for place in article.places(span))


def _text(context: Mapping[str, Any]) -> str:
    return f"{context['title'] or ''} {' '.join(context['sentences'])}"
