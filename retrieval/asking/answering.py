"""The answering policy: from ranked passages to an answer with its citations, or to an abstention with its reason.

Features of the first passage give the probability that it answers; below a threshold the answer is withheld.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from retrieval.asking import ranking
from retrieval.asking.confidence import confidence_of, probability_of, thresholds, with_answer
from retrieval.domain.answers import Abstention, AbstentionReason, Answer, Citation, Confidence, TimeDoubt
from retrieval.domain.limits import LONGEST_QUESTION
from retrieval.domain.scope import Filters
from retrieval.errors import QuestionRejected
from retrieval.text.claims import covers
from retrieval.text.cleaning import normalise
from retrieval.text.near_duplicates import same_story, shingles
from retrieval.text.passages import with_continuation
from retrieval.text.questions.abbreviations import find_abbreviations
from retrieval.text.questions.hints import NO_HINTS
from retrieval.text.questions.question import printed_words
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.archive.records import FoundPassage
    from retrieval.asking.ranking import ScoredPassage, Shortlist
    from retrieval.domain.answers import Searched
    from retrieval.domain.articles import Source, Span
    from retrieval.domain.scope import Scope
    from retrieval.ports import Reader
    from retrieval.text.near_duplicates import Shingles
    from retrieval.text.questions.hints import Hints
    from retrieval.text.questions.question import Question

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
"""The date of an undated article when copies of one story are compared."""


_NEWEST_DAYS: Final = (30, 365)
"""How far back from the newest article the newest are searched for, apart from all others."""
_BEARING_SHARE: Final = 0.5
"""The share of a claim's words above which a weak match bears on it: chance matches reach a half."""


def clean_question(question: str) -> str:
    """Return the question on one line. Raises QuestionRejected where it is too long or empty."""
    cleaned = " ".join(normalise(question).text.split())
    if not cleaned:
        raise QuestionRejected("question.no_word")
    if len(cleaned) > LONGEST_QUESTION:
        raise QuestionRejected("question.too_long", length=len(cleaned), most=LONGEST_QUESTION)
    return cleaned


def check_question(question: str) -> str:
    """As `clean_question`; also raises QuestionRejected where the question has no letter."""
    cleaned = clean_question(question)
    if not any(character.isalnum() for character in cleaned):
        raise QuestionRejected("question.no_word")
    return cleaned


def words_to_search(question: str, hints: Hints = NO_HINTS) -> list[str]:
    """The analysed words for full-text search, with the abbreviations of long forms.

    Abbreviations are not spelled out: the single words of a long form are found everywhere.
    """
    words = analyse(hints.without(question))
    return [*words, *(short for short, _ in find_abbreviations(frozenset(words)) if short not in words)]


def scopes_to_search(scope: Scope, searched: Searched, hints: Hints) -> tuple[Scope, ...]:
    """The scope; where the newest is asked for, also its newest month and year, so that these give candidates too."""
    if not hints.newest or searched.newest is None:
        return (scope,)
    filters = scope.filters or Filters()
    starts = (searched.newest - timedelta(days=days) for days in _NEWEST_DAYS)
    since = (max(start, filters.since or start) for start in starts)
    return (scope, *(replace(scope, filters=replace(filters, since=day)) for day in since))


def nothing_to_search(question: str, searched: Searched, scope: Scope) -> Abstention:
    """The abstention where the scope sees no article, or none that its filters let through."""
    reason = AbstentionReason.EMPTY_ARCHIVE if scope.filters is None else AbstentionReason.FILTERS_MATCH_NOTHING
    return Abstention(question, reason, 0.0, searched)


def cite(found: FoundPassage, marked: Span | None, also: tuple[Source, ...] = ()) -> Citation:
    """Cite a passage as evidence, with what continues it. Raises ValueError for a mark outside the passage."""
    passage, body = found.passage, found.article.body
    span = with_continuation(body, passage.span, found.around, marked) if found.around and marked else passage.span
    return Citation(
        article_id=passage.article_id,
        passage_id=passage.id,
        source=found.article.source,
        span=span,
        excerpt=span.of(body),
        marked=marked,
        also=tuple(dict.fromkeys((*found.also, *also))),
        disputed=tuple(words for words in found.disputed if words.overlaps(span)),
    )


def answer(
    listed: Shortlist,
    found: Sequence[FoundPassage],
    searched: Searched,
    reader: Reader | None = None,
    *,
    may_be_scrap: bool = True,
) -> Answer | Abstention:
    """Answer with passages, best first, each with a marked sentence; abstain where the first is unlikely to answer.

    One common word is no question, unless what it is about is known otherwise: then it may not be a scrap.
    `found` are the listed passages; one that is missing was removed meanwhile and is skipped.
    """
    passages = ranking.rank(listed, found, reader)
    question = passages[0].question if passages else listed.understood
    printed = tuple(printed_words(listed.hints.without(listed.question)))
    looked_for = tuple(filter(question.is_telling, printed)) or printed
    if not passages:
        return Abstention(listed.question, AbstentionReason.NOTHING_FOUND, 0.0, searched, looked_for=looked_for)
    if may_be_scrap and question.is_scrap():
        return no_question(listed.question, searched)
    citations = _citations(passages, listed.most_citations)
    probability = probability_of(passages[0])
    least = thresholds(passages[0])["answer"]
    appeared = _appeared(citations[0].source)
    too_old = probability >= least and listed.hints.is_before(appeared)
    if too_old:
        old = [passage for passage in passages if listed.hints.is_before(_appeared(passage.found.article.source))]
        citations, probability = _citations(ranking.newest_first(old), listed.most_citations), probability * least
    if too_old or probability < least:
        known = any(candidate.features["lexical"] for candidate in listed.candidates)
        reason = AbstentionReason.NOT_GOOD_ENOUGH if known else AbstentionReason.NOTHING_FOUND
        return Abstention(
            listed.question,
            AbstentionReason.TOO_OLD if too_old else reason,
            probability,
            searched,
            citations,
            on_subject=question.is_subject_of(_words(citations[0])),
            looked_for=looked_for,
        )
    doubt = listed.hints.doubt(appeared, passages[0].found.text)
    if doubt is TimeDoubt.NEWEST_IS_OLD and _is_newer_below(question, citations):
        doubt = TimeDoubt.NEWER_BELOW
    confidence = confidence_of(passages, probability, doubt)
    best, confidence = with_answer(listed.question, passages[0], citations[0], confidence)
    missing = _missing(filter(question.is_telling, printed), best) if confidence is Confidence.LOW else ()
    return Answer(
        listed.question,
        (best, *citations[1:]),
        confidence,
        probability,
        searched,
        doubt,
        missing=missing,
        off_subject=frozenset(one.passage_id for one in citations if not question.is_subject_of(_words(one))),
    )


def _missing(looked_for: Iterable[str], citation: Citation) -> tuple[str, ...]:
    """The words that neither the passage nor its headline has, in any form."""
    held = _words(citation)
    return tuple(word for word in looked_for if held.isdisjoint(analyse(word)))


def _words(citation: Citation) -> frozenset[str]:
    """The words of the passage and of its headline, as they are searched."""
    return frozenset(analyse(f"{citation.source.title} {citation.excerpt}"))


def bearing(result: Answer | Abstention) -> Answer | Abstention:
    """What bears on a claim rather than answers a question: a weak match has more than half of the claim's words."""
    if isinstance(result, Abstention) or not result.is_weak:
        return result
    first = result.citations[0]
    if covers(result.question, f"{first.source.title} {first.excerpt}") > _BEARING_SHARE:
        return result
    reason = AbstentionReason.NOT_GOOD_ENOUGH
    return Abstention(result.question, reason, result.probability, result.searched, result.citations, on_subject=False)


def bears_on(listed: Shortlist, found: Sequence[FoundPassage]) -> bool:
    """Whether the listed passages bear on a topic at least as well as those of a fair answer."""
    passages = ranking.rank(listed, found)
    return bool(passages) and probability_of(passages[0]) >= thresholds(passages[0])["fair"]


def no_question(question: str, searched: Searched) -> Abstention:
    """The abstention where nothing was asked that could be looked for."""
    return Abstention(question, AbstentionReason.SMALL_TALK, 0.0, searched)


def _citations(passages: Sequence[ScoredPassage], most: int) -> tuple[Citation, ...]:
    """Cite the best passages, at most so many, one a story: of articles that share the marked sentence, the newest."""
    stories: list[tuple[Shingles, list[ScoredPassage]]] = []
    for passage in passages:
        marked = shingles(passage.marked.of(passage.found.article.body))
        story = next((same for other, same in stories if same_story(marked, other)), None)
        if story is None:
            stories.append((marked, [passage]))
        elif all(passage.found.article.id != other.found.article.id for other in story):
            story.append(passage)
    return tuple(_cite_story(story) for _, story in stories[:most])


def _cite_story(story: Sequence[ScoredPassage]) -> Citation:
    """Cite the newest article of a story (the best ranked of equals), and name the others beside it."""
    newest = max(story, key=lambda passage: _appeared(passage.found.article.source) or _LONG_AGO)
    others = (passage.found for passage in story if passage is not newest)
    also = tuple(source for found in others for source in (found.article.source, *found.also))
    return cite(newest.found, newest.marked, also)


def _is_newer_below(question: Question, citations: Sequence[Citation]) -> bool:
    """Whether any other citation is newer than the first, and about the question by its headline."""
    first, *others = (citation.source for citation in citations)
    since = _appeared(first) or _LONG_AGO
    newer = (other for other in others if (_appeared(other) or _LONG_AGO) > since)
    return any(question.is_subject_of(frozenset(analyse(other.title))) for other in newer)


def _appeared(source: Source) -> datetime | None:
    """When this text appeared; for a corrected one, when it was corrected."""
    return source.updated_at or source.published_at
