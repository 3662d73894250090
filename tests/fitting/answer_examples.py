"""Training examples for ranking: the features of the passages read for each question, and which are right.

The product's own code measures them, through an open newsroom. An example has numbers, never a text.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from retrieval.asking import answering, ranking
from retrieval.errors import QuestionRejected
from retrieval.text.questions.answer_types import answer_type
from retrieval.text.questions.hints import hints
from tests.quality.answers import EVERYBODY, asked_at
from tests.quality.scoring import LONGEST_MARK, Place, asked_of, covers, hits, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from retrieval.asking.ranking import Features, ScoredPassage
    from retrieval.domain.ids import ArticleId
    from retrieval.newsroom import Newsroom
    from retrieval.ports import Reader
    from retrieval.text.questions.answer_types import AnswerType as Kind
    from tests.quality.answers import Given
    from tests.quality.scoring import AnswerType

COMMON: Final = 15
"""How many of an article's most frequent names may replace another."""

_NAME = re.compile(r"(?<![.!?\"“] )(?<!^)\b[A-Z][a-z]+(?: [A-Z][a-z]+)*\b")
_NAME_ASKED = re.compile(r"(?<=\s)(?!I\b)[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)*")


@dataclass(frozen=True, slots=True)
class SentenceRead:
    """The features of a sentence, those for the probability of an answer, and whether it covers evidence."""

    features: Features
    answers: Features
    right: bool


@dataclass(frozen=True, slots=True)
class PassageRead:
    """The features of a passage, without that of its best sentence, and whether it hits."""

    features: Features
    sentences: tuple[SentenceRead, ...]
    hits: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the passages read for it; `of` is its article, `exchanged`: one of its names was replaced."""

    of: str
    answerable: bool
    marks: bool
    exchanged: bool
    read: tuple[PassageRead, ...]
    behind: tuple[bool, ...] = ()
    """Of the passages that the reader had no time for, in their order, whether each hits."""


def examples(
    room: Newsroom,
    given: Mapping[ArticleId, Given],
    questions: Iterable[dict[str, Any]],
    *,
    exchanged: bool = False,
    reader_of: Callable[[str], Reader | None] = lambda _: None,
) -> Iterator[Example]:
    """An example for each question that the product accepts, with the reader for its article.

    Questions of which the reader reads nothing, since they want the newest, are left out where there is one.
    """
    for question in questions:
        reader = reader_of(article_of(question))
        scored = ranked(room, question, reader)
        if scored is None:
            continue
        known = asked_of(question)
        kind = answer_type(answering.check_question(question["question"]))
        passages = [_passage(passage, kind, given, known) for passage in scored]
        read_by = [reader is None or passage.reading is not None for passage in scored]
        if scored and not any(read_by):
            continue
        yield Example(
            of=article_of(question),
            answerable=known.answerable,
            marks=known.answerable and not known.by_article,
            exchanged=exchanged,
            read=tuple(passage for passage, read in zip(passages, read_by, strict=True) if read),
            behind=tuple(passage.hits for passage, read in zip(passages, read_by, strict=True) if not read),
        )


def ranked(room: Newsroom, question: dict[str, Any], reader: Reader | None = None) -> Sequence[ScoredPassage] | None:
    """The passages of a question, as the product ranks them; None for a question that it refuses."""
    try:
        asked = answering.check_question(question["question"])
    except QuestionRejected:
        return None
    embedding = room._model.use(lambda embedder: embedder.embed_query(asked))
    _, publishers = room._searched(EVERYBODY)
    meant = hints(asked, publishers, asked_at(question) or datetime.now(UTC))
    words = answering.words_to_search(asked, meant)
    candidates = room._search.candidates(EVERYBODY, embedding.vector, words, ranking.CANDIDATES)
    ids = [candidate.passage_id for candidate in candidates]
    outlines = room._archive.passages.outlines(EVERYBODY, ids, room._model.spec)
    listed = ranking.shortlist(asked, embedding, candidates, outlines, meant)
    found = room._archive.passages.find(EVERYBODY, listed.passage_ids, spoken=listed.asks_for_words)
    return ranking.rank(listed, found, reader)


def exchanged(questions: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The answerable questions with one name replaced by another of the article, so that nothing answers them."""
    for question in questions:
        names = names_asked(question["question"])
        if not question["answerable"] or not names:
            continue
        chance = random.Random(question["id"])
        others = _others(texts[question["evidence"][0]["article_id"]], question)
        if others:
            name = chance.choice(names)
            text = question["question"]
            changed = text[: name.start()] + chance.choice(others) + text[name.end() :]
            yield {**question, "question": changed, "answerable": False}


def names_asked(question: str) -> Sequence[re.Match[str]]:
    """The names in a question, in order."""
    return list(_NAME_ASKED.finditer(question))


def _others(text: str, question: Mapping[str, Any]) -> Sequence[str]:
    """The most frequent names of an article that share no word with the question and its answers."""
    taken = set(re.findall(r"\w+", f"{question['question']} {' '.join(question.get('answer', ()))}".lower()))
    counted = Counter(_NAME.findall(text)).most_common(COMMON)
    return [name for name, count in counted if count > 1 and taken.isdisjoint(name.lower().split())]


def article_of(question: Mapping[str, Any]) -> str:
    """The article that a question is of."""
    for name in ("evidence", "withheld_evidence"):
        if question.get(name):
            return str(question[name][0]["article_id"])
    return str(question.get("gold_article") or question["id"])


def _passage(scored: ScoredPassage, kind: Kind, given: Mapping[ArticleId, Given], asked: AnswerType) -> PassageRead:
    passage = scored.found.passage
    article = given[passage.article_id]
    sentences = []
    for index, sentence in enumerate(scored.evidence.sentences):
        places = [place_of(place) for place in article.places(sentence.span.moved(passage.span.start))]
        reader = {} if scored.reading is None else ranking.read_features(scored.reading, index)
        opening = float(index == 0 and ranking.may_answer_at_once(kind, scored.found))
        sentences.append(
            SentenceRead(
                features={**ranking.sentence_features(sentence), **reader, "opening": opening},
                answers={
                    "idf_coverage": sentence.idf_coverage,
                    "agent_missing": sentence.agent_missing,
                    "name_match": sentence.name_match,
                },
                right=any(is_evidence(place, asked) for place in places),
            )
        )
    places = [place_of(place) for place in article.places(passage.span)]
    hit = asked.answerable and any(hits(asked, place) for place in places)
    features = {name: value for name, value in scored.features.items() if name != "sentence"}
    return PassageRead(features, tuple(sentences), hit)


def is_evidence(place: Place, asked: AnswerType) -> bool:
    """Whether a sentence covers evidence, and is short enough to be marked."""
    return (
        asked.answerable
        and not asked.by_article
        and place.end - place.start <= LONGEST_MARK
        and any(covers(place, evidence) for evidence in asked.evidence)
    )
