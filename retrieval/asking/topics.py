"""What is about a topic: articles, newest first and by story; and what anybody said about it.

A topic is searched as a question is, over all times and over the newest once more. An article is about it where its
best passage scores nearly as well as the best of all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.asking import answering, ranking, relevance, respelling
from retrieval.domain.articles import Latest
from retrieval.domain.quotations import SpeakerQuotations, SpeakersQuoted
from retrieval.text.questions.hints import NO_HINTS
from retrieval.text.questions.question import understand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.archive.records import ArticleOpening
    from retrieval.domain.answers import Searched
    from retrieval.domain.articles import LatestArticle
    from retrieval.domain.embeddings import QueryEmbedding
    from retrieval.domain.ids import ArticleId, PassageId, SpeakerId
    from retrieval.domain.quotations import CitedQuotation, Speaker
    from retrieval.domain.scope import Scope
    from retrieval.ports import Embedder, Search

MOST_LISTED: Final = 100
"""Articles of one list, the newest."""

_CANDIDATES: Final = 200
"""Passages to request from each of the two searches, more than for a question: a topic has many articles."""
_NEWEST: Final = replace(NO_HINTS, newest=True)
_LEAST: Final = 11.75
"""What the best passage is taken to score at least: in an archive without the topic, nothing comes near it."""
_LEAST_SIMILARITY: Final = 0.28
"""The cosine below which a passage only mentions the topic."""
_AS_MUCH_ABOUT: Final = 2.25
"""How much less than the best passage an article's may score for it to be about the topic."""
_BESIDE: Final = 4.0
"""How much less a passage may score in which somebody says something about the topic."""
_READ: Final = 150
"""Of those, the most that are read, best first: some 5 ms each."""
_SAID: Final = 0.5
"""The least similarity of a sentence about the topic, as in `relevance`; it keeps out what shares a common word."""
_SAME_STORY: Final = 0.75
"""The least cosine of the first passages of two articles on one event."""
_SAME_DAYS: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True, eq=False)
class _Topic:
    """A topic as it was read; the articles about it, and the passages in which somebody may say something about it."""

    text: str
    read_as: tuple[str, ...]
    embedding: QueryEmbedding
    articles: tuple[ArticleId, ...]
    passages: tuple[PassageId, ...]


class Topics:
    """Finds what is about a topic. Thread-safe. Every method may raise ArchiveError."""

    def __init__(
        self, archive: Archive, search: Search, model: ActiveModel, searched: Callable[[Scope], Searched]
    ) -> None:
        self._archive = archive
        self._search = search
        self._model = model
        self._searched = searched

    def latest(self, scope: Scope, topic: str | None = None) -> Latest:
        """The newest articles, or those about a topic, by story.

        Only a topic needs the model: it raises QuestionRejected and ModelUnavailable.
        """
        if topic is None:
            articles, openings = self._archive.articles.newest(scope, MOST_LISTED)
            return Latest(by_story(openings), articles, matched=bool(articles))
        asked = answering.check_question(topic)
        if not self._searched(scope).articles:
            return Latest((), 0, asked, matched=False)
        found = self._model.use(lambda embedder: self._find(scope, asked, embedder))
        articles, openings = self._archive.articles.newest(scope, MOST_LISTED, found.articles)
        return Latest(by_story(openings), articles, asked, found.read_as)

    def quoted_about(self, scope: Scope, about: str) -> SpeakersQuoted:
        """Who said what about a topic, in whole statements. Raises QuestionRejected and ModelUnavailable."""
        asked = answering.check_question(about)

        def choose(embedder: Embedder) -> tuple[_Topic, list[CitedQuotation]]:
            topic = self._find(scope, asked, embedder)
            passages = self._archive.passages.find(scope, topic.passages)
            around = self._archive.speakers.said_around(scope, topic.passages)
            said = [cited for cited in around if not cited.is_fragment]
            about_it = relevance.about(topic.text, topic.embedding, said, passages, least=_SAID)
            chosen = {cited.quotation.id for cited in about_it}
            return topic, [cited for cited in said if cited.quotation.id in chosen]

        topic, quotations = self._model.use(choose)
        return SpeakersQuoted(asked, by_speaker(quotations), topic.read_as)

    def _find(self, scope: Scope, asked: str, embedder: Embedder) -> _Topic:
        """Search for a topic, its misspelt words replaced. Raises EmbeddingMismatch."""
        embedding, spec, archive = embedder.embed_query(asked), embedder.spec, self._archive
        respelled = respelling.respell(asked, NO_HINTS, embedding, archive.vocabulary, scope)
        if respelled.read_as:
            embedding = embedder.embed_query(respelled.question)
        words = answering.words_to_search(respelled.question)
        candidates = {
            candidate.passage_id: candidate
            for each in answering.scopes_to_search(scope, self._searched(scope), _NEWEST)
            for candidate in self._search.candidates(each, embedding.vector, words, _CANDIDATES, spec)
        }
        outlines = {each.passage_id: each for each in archive.passages.outlines(scope, list(candidates), spec)}
        understood = understand(respelled.question, embedding)
        ranked = ranking.first_stage(understood, list(candidates.values()), outlines, NO_HINTS)
        near = [each for each in ranked if each.features["similarity"] >= _LEAST_SIMILARITY]
        near.sort(key=lambda each: -each.first_stage_score)
        best = near[0].first_stage_score if near else 0.0

        def within(distance: float) -> list[PassageId]:
            least = max(_LEAST, best) - distance
            return [each.passage_id for each in near if each.first_stage_score >= least]

        articles = {outlines[id_].article_id for id_ in within(_AS_MUCH_ABOUT)}
        return _Topic(respelled.question, respelled.read_as, embedding, tuple(articles), tuple(within(_BESIDE)[:_READ]))


def by_speaker(quotations: Iterable[CitedQuotation]) -> tuple[SpeakerQuotations, ...]:
    """Group quotations by speaker, in their order; words that several said stand with each of them."""
    said: dict[SpeakerId, list[CitedQuotation]] = {}
    speakers: dict[SpeakerId, Speaker] = {}
    for cited in quotations:
        for speaker in cited.quotation.speakers:
            speakers.setdefault(speaker.id, speaker)
            said.setdefault(speaker.id, []).append(cited)
    return tuple(SpeakerQuotations(speaker, tuple(said[id_])) for id_, speaker in speakers.items())


def by_story(openings: Iterable[ArticleOpening]) -> tuple[tuple[LatestArticle, ...], ...]:
    """Group articles, given newest first, with the newest one on the same event."""
    stories: list[list[ArticleOpening]] = []
    for opening in openings:
        story = next((story for story in stories if _is_same_story(story[0], opening)), None)
        if story is None:
            stories.append([opening])
        else:
            story.append(opening)
    return tuple(tuple(opening.article for opening in story) for story in stories)


def _is_same_story(newest: ArticleOpening, other: ArticleOpening) -> bool:
    first, second = (opening.article.source.published_at for opening in (newest, other))
    if (first is None) is not (second is None) or (first and second and first - second > _SAME_DAYS):
        return False
    return float(newest.vector @ other.vector) >= _SAME_STORY
