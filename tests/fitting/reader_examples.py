"""What the reader is fitted on: questions with passages as sentences, and which of these answer, if any does."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
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

    from retrieval.asking.ranking import ScoredPassage
    from retrieval.domain.articles import Span
    from retrieval.domain.ids import ArticleId
    from tests.quality.answers import Given
    from tests.quality.scoring import AnswerType

MOST_WRONG: Final = 2
"""The passages without an answer that a question is learned with, beside the one that has it."""
WITHOUT_ANSWER: Final = 0.2
"""The share of general questions that are put to another passage, the nearest by its words."""
MASKED, ECHOED, CROPPED = 0.5, 0.5, 0.5
"""The shares of passages in which words are masked, into which echoes are put, and which are cut to a few sentences."""
WINDOW: Final = 5
"""The sentences that a cropped passage keeps."""
PARAPHRASED: Final = 4
"""How often a question of the small sources, which share few words with their answers, is asked a round."""
_HIDDEN: Final = 0.6
_SHORT: Final = 3
EXCHANGED: Final = 0.3
"""The share of questions with a name exchanged that are learned a round."""
_COMMON: Final = 300
_NEAREST: Final = 6
_SENTENCE: Final = range(5, 41)
"""The words of a sentence that may be an echo."""
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as its sentences, and which of them answer."""

    title: str
    sentences: tuple[str, ...]
    right: tuple[int, ...]

    def cropped(self, chance: random.Random) -> Passage:
        """A few sentences in a row, the right ones among them; the whole where these are too far apart."""
        last = len(self.sentences) - WINDOW
        low, high = max(0, max(self.right, default=0) - WINDOW + 1), min(last, min(self.right, default=last))
        if last <= 0 or low > high:
            return self
        start = chance.randint(low, high)
        right = tuple(at - start for at in self.right)
        return Passage(self.title, self.sentences[start : start + WINDOW], right)


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
    exchanged: bool = False

    def drawn(self, chance: random.Random) -> Group | None:
        """Some of its passages; None where nothing can be learned."""
        if self.right is not None:
            most = MOST_WRONG if self.makes_sense else 1
            wrong = chance.sample(self.wrong[:5], min(most, len(self.wrong[:5])))
            return Group(self.question, self._cropped((self.right, *wrong), chance), ranked=self.makes_sense)
        if self.answerable or not self.wrong or (self.exchanged and chance.random() > EXCHANGED):
            return None
        wrong = chance.sample(self.wrong[:4], min(2, len(self.wrong[:4])))
        return Group(self.question, self._cropped(wrong, chance))

    @staticmethod
    def _cropped(passages: Sequence[Passage], chance: random.Random) -> tuple[Passage, ...]:
        return tuple(one.cropped(chance) if chance.random() < CROPPED else one for one in passages)


class GeneralQuestions:
    """Questions with the sentence that answers: `questions.jsonl` and `contexts.jsonl` of a folder.

    So that the reader does not take the echo of a question for its answer, sentences of other contexts that repeat
    the question are put beside the answer (after AddSent: Jia and Liang 2017), and words that question and answer
    share are masked, with twice as many in the other sentences.
    """

    def __init__(self, folder: Path) -> None:
        self._contexts = {one["context"]: one for one in records([folder], "contexts.jsonl")}
        self._questions = list(records([folder], "questions.jsonl"))
        self._near = Nearest({key: _text(one) for key, one in self._contexts.items()})
        sentences = (sentence for one in self._contexts.values() for sentence in one["sentences"])
        self._echoes = Nearest({text: text for text in sentences if len(text.split()) in _SENTENCE})

    def drawn(self, chance: random.Random) -> Iterator[Group]:
        """Every question, those of the small sources several times, in an order drawn anew; some with no answer."""
        small = [one for one in self._questions if self._contexts[one["context"]]["source"] != "qamr"]
        questions = self._questions + small * (PARAPHRASED - 1)
        for question in chance.sample(questions, len(questions)):
            yield Group(question["question"], (self._passage(question, chance),))

    def _passage(self, question: Mapping[str, Any], chance: random.Random) -> Passage:
        asked, key, right = question["question"], question["context"], list(question["gold"])
        others = [other for other in self._near.of(asked) if other != key]
        if others and chance.random() < WITHOUT_ANSWER:
            key, right = chance.choice(others), []
        context = self._contexts[key]
        sentences = list(context["sentences"])
        if right and context["source"] == "qamr" and chance.random() < MASKED:
            sentences = masked(asked, sentences, right, chance)
        if chance.random() < ECHOED:
            own = set(context["sentences"])
            for echo in [text for text in self._echoes.of(asked) if text not in own][:2]:
                at = chance.randint(0, len(sentences))
                sentences.insert(at, echo)
                right = [place + (place >= at) for place in right]
        return Passage(context["title"] or "" if chance.random() < 0.8 else "", tuple(sentences), tuple(right))


class Nearest:
    """Finds the texts that share the rarest words with a question."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        words = {key: frozenset(analyse(text)) for key, text in texts.items()}
        counted = Counter(word for some in words.values() for word in some)
        self._rarity = {word: math.log(len(words) / times) for word, times in counted.items() if times < _COMMON}
        self._with = defaultdict[str, list[str]](list)
        for key, some in words.items():
            for word in some & self._rarity.keys():
                self._with[word].append(key)

    def of(self, question: str) -> list[str]:
        """The keys of the nearest texts, best first."""
        scores = Counter[str]()
        for word in set(analyse(question)) & self._rarity.keys():
            for key in self._with[word]:
                scores[key] += self._rarity[word]  # type: ignore[assignment]  # a counter may count in fractions
        return [key for key, _ in scores.most_common(_NEAREST)]


def masked(question: str, sentences: Sequence[str], right: Sequence[int], chance: random.Random) -> list[str]:
    """The sentences with some of the question's words masked in the right ones, and twice as many in the others."""
    asked = {word.lower() for word in _WORD.findall(question) if len(word) > _SHORT}
    shared = sorted(asked & {word.lower() for at in right for word in _WORD.findall(sentences[at])})
    hidden = {word for word in shared if chance.random() < _HIDDEN}
    others = [word.lower() for at, text in enumerate(sentences) if at not in right for word in _WORD.findall(text)]
    decoys = set(chance.sample(others, min(len(others), 2 * len(hidden))))

    def mask(text: str, words: set[str]) -> str:
        return _WORD.sub(lambda word: "[MASK]" if word[0].lower() in words else word[0], text)

    return [mask(text, hidden if at in right else decoys) for at, text in enumerate(sentences)]


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
        for number, question in enumerate((*questions, *others)):
            passages = ranked(room, question)
            if passages:
                yield replace(_news_question(question, given, passages), exchanged=number >= len(questions))


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
