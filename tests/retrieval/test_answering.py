"""The ranking policy, over passages handed to it: what comes first, what is marked, when nothing is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive.records import FoundPassage, PassageOutline, SpokenWords, content_hash
from retrieval.articles.storing import stored_tokens
from retrieval.asking import answering, ranking
from retrieval.asking.confidence import with_answer
from retrieval.domain.answers import Abstention, AbstentionReason, Answer, Citation, Confidence, Searched, TimeDoubt
from retrieval.domain.articles import Article, Passage, Source, Span
from retrieval.domain.embeddings import Candidate
from retrieval.domain.ids import ArticleId, PassageId
from retrieval.domain.limits import MOST_CITATIONS
from retrieval.domain.scope import Filters, Scope
from retrieval.errors import QuestionRejected
from retrieval.text.questions.hints import NO_HINTS, Hints, hints
from retrieval.text.questions.question import printed_words, understand
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from retrieval.text.questions.question import Question

SEARCHED = Searched(articles=2)
EMBEDDER = HashingEmbedder()

COUNCIL = (
    "The council met on Monday. It closed the library because rain came through the roof. Mayor Ada Roe, 52, was ill. "
    "About 300 readers signed a letter."
)
HARBOUR = "A ferry left the harbour late. Nobody was hurt. Captain Ines Dahl blamed the fog."


def found(
    number: int, text: str, title: str = "News", *, tokens: bool = True, source: Source | None = None
) -> FoundPassage:
    article = Article(ArticleId(number), source or Source(title), text, datetime(2024, 1, 1, tzinfo=UTC))
    (embedding,) = EMBEDDER.embed_tokens([f"{title}. {text}"])
    packed = stored_tokens(title, text, embedding) if tokens else None
    return FoundPassage(Passage(PassageId(number), article.id, Span(0, len(text)), 0), article, packed)


def ask(question: str, *passages: FoundPassage, lexical: float = 1.0, hints: Hints = NO_HINTS) -> Answer | Abstention:
    embedding = EMBEDDER.embed_query(question)
    candidates = [
        Candidate(item.passage.id, float(EMBEDDER.embed_passages([item.text])[0] @ embedding.vector), lexical)
        for item in passages
    ]
    return answering.answer(listed(question, candidates, *passages, hints=hints), passages, SEARCHED)


def listed(
    question: str,
    candidates: Sequence[Candidate],
    *passages: FoundPassage,
    hints: Hints = NO_HINTS,
    most: int = MOST_CITATIONS,
) -> ranking.Shortlist:
    outlines = [
        PassageOutline(
            item.passage.id,
            item.article.id,
            item.passage.ordinal,
            item.tokens,
            content_hash(item.article.body),
            item.article.source.publisher,
            item.article.source.published_at,
        )
        for item in passages
    ]
    return ranking.shortlist(question, EMBEDDER.embed_query(question), candidates, outlines, hints, most_citations=most)


def _citations(result: Answer | Abstention) -> tuple[Citation, ...]:
    return result.citations if isinstance(result, Answer) else result.nearest


def marked(result: Answer | Abstention) -> str | None:
    return _citations(result)[0].answering


@pytest.mark.parametrize("tokens", [True, False])
@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("why was the library closed", "It closed the library because rain came through the roof."),
        ("how old is the mayor", "Mayor Ada Roe, 52, was ill."),
        ("how many readers signed", "About 300 readers signed a letter."),
        ("when did the council meet", "The council met on Monday."),
    ],
)
def test_the_sentence_that_answers_is_marked(question: str, sentence: str, *, tokens: bool) -> None:
    result = ask(question, found(1, COUNCIL, tokens=tokens), found(2, HARBOUR, tokens=tokens))
    assert marked(result) == sentence


def test_a_question_about_something_else_is_not_answered() -> None:
    result = ask("who won the Champions League", found(1, COUNCIL), found(2, HARBOUR))
    assert isinstance(result, Abstention)
    assert result.reason is AbstentionReason.NOT_GOOD_ENOUGH
    assert result.nearest


@pytest.mark.parametrize(("high", "words"), [(0.0, "About 300"), (1.0, None)])
def test_the_words_that_answer_are_pointed_out_in_the_first_citation_of_a_strong_answer(
    high: float, words: str | None
) -> None:
    sure = {**ranking.weights(), "thresholds": {"answer": 0.0, "fair": 0.0, "high": high}}
    with mock.patch.object(ranking, "weights", return_value=sure):
        best, *others = _citations(ask("How many readers signed a letter?", found(1, COUNCIL), found(2, HARBOUR)))
    assert (best.answer and best.answer.of(COUNCIL)) == words
    assert all(other.answer is None for other in others)


def test_a_sentence_without_anything_of_the_asked_for_kind_is_no_strong_answer() -> None:
    text = "The repair of the harbour bridge will cost a great deal and take long."
    assert confidence_of("What is the harbour bridge repair like and will it take long?", text) is Confidence.HIGH
    assert confidence_of("How much will the harbour bridge repair cost and take?", text) is not Confidence.HIGH


def confidence_of(question: str, text: str) -> Confidence | None:
    result = ask(question, found(1, text))
    return result.confidence if isinstance(result, Answer) else None


ROE, DAHL = (
    "The bridge is closed, and the council talked of the bridge at length on Monday.",
    "“Nobody may cross it,” said Captain Ines Dahl.",
)


def test_of_a_passage_the_words_of_the_asked_for_speaker_are_marked() -> None:
    text = f"{ROE} “We had no choice.” {DAHL}"
    words = Span(text.index("We had"), text.index("” “"))
    told = replace(found(1, text), spoken=(SpokenWords(words, "Ada Roe", "mayor"),))
    silent = found(2, f"{ROE} {DAHL}")
    for question in ("What did Ada Roe say about the bridge?", "What did the mayor say about the bridge?"):
        assert marked(ask(question, silent, told)) == "“We had no choice.”"
    assert marked(ask("What did Ines Dahl say about the bridge?", silent, told)) == DAHL


@pytest.mark.parametrize(("high", "others"), [(0.0, Confidence.FAIR), (2.0, Confidence.LOW)])
def test_somebody_elses_words_are_never_a_strong_answer_and_a_fair_one_only_where_another_were_strong(
    high: float, others: Confidence
) -> None:
    sure = {**ranking.weights(), "thresholds": {"answer": 0.0, "fair": 0.0, "high": high}}
    passage = found(1, f"{ROE} {DAHL}")
    with mock.patch.object(ranking, "weights", return_value=sure):
        for asked, confidence in (
            ("Ada Roe", others),
            ("the council", others),
            ("Ines Dahl", Confidence.FAIR if high else Confidence.HIGH),
        ):
            result = ask(f"What did {asked} say about the bridge?", passage)
            assert isinstance(result, Answer)
            assert result.confidence is confidence


@pytest.mark.parametrize(("beyond", "confidence"), [(0.1, Confidence.LOW), (-0.1, Confidence.FAIR)])
def test_words_that_the_archive_attributes_to_the_speaker_are_a_fair_match_earlier(
    beyond: float, confidence: Confidence
) -> None:
    told = found(1, f"{ROE} “We had no choice,” said Ada Roe.")
    words = Span(told.text.index("We had"), told.text.index(",” said"))
    question, attributed = "What did Ada Roe say about the bridge?", (SpokenWords(words, "Ada Roe", "mayor"),)
    likely = ask(question, told).probability
    strict = {"thresholds": {"answer": 0.0, "fair": 2.0, "high": 2.0}, "thresholds_said": {"fair": likely + beyond}}
    with mock.patch.object(ranking, "weights", return_value={**ranking.weights(), **strict}):
        plain, known = (ask(question, replace(told, spoken=spoken)) for spoken in ((), attributed))
    assert isinstance(plain, Answer)
    assert isinstance(known, Answer)
    assert (plain.confidence, known.confidence) == (Confidence.LOW, confidence)


def test_a_weak_answer_says_which_words_of_the_question_its_passage_lacks() -> None:
    passage = found(1, f"{ROE} {DAHL}")
    for least, missing in ((2.0, ("Oslo", "ferry")), (0.0, ())):
        likely = {"answer": 0.0, "fair": least, "high": least}
        with mock.patch.object(ranking, "weights", return_value={**ranking.weights(), "thresholds": likely}):
            result = ask("Which bridges does the Oslo ferry cross on Monday?", passage)
        assert isinstance(result, Answer)
        assert result.missing == missing


def test_a_word_that_says_little_is_not_missed() -> None:
    text = "How many children did Roe get?"
    asked = replace(
        understand(text, EMBEDDER.embed_query(text)), rarity={"mani": 4.8, "children": 7.1, "roe": 5.0, "get": 4.9}
    )
    assert [word for word in printed_words(text) if asked.is_telling(word)] == ["children", "Roe"]


@pytest.mark.parametrize(("deed", "confidence"), [("died", Confidence.HIGH), ("stayed", Confidence.LOW)])
def test_a_sentence_that_goes_on_with_another_is_read_with_it(deed: str, confidence: Confidence) -> None:
    question, age = "How old was Ada Roe when she died?", "She was 90."
    item = found(1, f"Ada Roe, the mayor, {deed} at home. {age}")
    (first,) = ranking.rank(listed(question, [Candidate(item.passage.id, 1.0, 1.0)], item), [item])
    citation = answering.cite(item, Span(len(item.text) - len(age), len(item.text)))
    assert with_answer(question, first, citation, Confidence.HIGH)[1] is confidence


def test_a_passage_that_the_next_one_continues_is_cited_with_its_sentences() -> None:
    text = f"{COUNCIL}\n\n{HARBOUR}"
    item = found(1, text)
    first = replace(item, passage=replace(item.passage, span=Span(0, len(COUNCIL))), around=Span(0, len(text)))
    last = Span(COUNCIL.rindex("About"), len(COUNCIL))
    assert answering.cite(first, last).excerpt == text
    assert answering.cite(first, Span(0, 26)).excerpt == COUNCIL
    assert answering.cite(replace(first, disputed=(Span(len(text) - 9, len(text)),)), Span(0, 26)).disputed == ()


def test_what_the_page_asks_of_its_reader_is_never_marked() -> None:
    plea, news = "Follow here for the latest updates on the bridge closure.", "Engineers found cracks in two bearings."
    assert marked(ask("What are the latest updates on the bridge closure?", found(1, f"{plea} {news}"))) == news


@pytest.mark.parametrize(
    ("question", "other", "news"),
    [
        (
            "does the mayor want the harbour bridge closed for repairs",
            "Does the mayor, like the council, want the harbour bridge closed for repairs?",
            "She wants the harbour bridge open while it is repaired.",
        ),
        (
            "which towns approved the harbour bridge",
            "The towns of Elmford and Selby rejected the harbour bridge.",
            "Voters of Norholm approved the harbour bridge.",
        ),
    ],
)
def test_what_only_asks_and_what_tells_the_opposite_is_never_marked(question: str, other: str, news: str) -> None:
    assert marked(ask(question, found(1, f"{other} {news}"))) == news
    assert marked(ask(question, found(1, other))) == other


def test_a_name_that_is_nowhere_lowers_the_probability() -> None:
    known = ask("what did Ines Dahl blame", found(2, HARBOUR))
    unknown = ask("what did Piotr Dahlberg blame", found(2, HARBOUR))
    assert unknown.probability < known.probability


def day(number: int) -> datetime:
    return datetime(2024, 3, number, tzinfo=UTC)


def cited(result: Answer | Abstention) -> list[Source]:
    return [citation.source for citation in _citations(result)]


OLD, NEW = Source("Library", "Reuters", published_at=day(4)), Source("Library", "CNN", published_at=day(11))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("why was the library closed, according to CNN", NEW),
        ("why was the library closed, according to Reuters", OLD),
        ("why was the library closed on March 4", OLD),
        ("why was the library closed last week", NEW),
        ("why was the library closed two weeks ago", OLD),
    ],
)
def test_of_two_as_good_the_one_that_the_question_points_to_comes_first(question: str, first: Source) -> None:
    telling = "The library closed because of rain. {} The council met at noon and talked of it at length."
    passages = [
        found(1, telling.format("Nobody was there."), source=OLD),
        found(2, telling.format("It was a Sunday evening."), source=NEW),
    ]
    alike = [Candidate(passage.passage.id, 0.5, 1.0) for passage in passages]
    meant = hints(question, ["Reuters", "CNN"], day(19))
    ranked = ranking.rank(listed(question, alike, *passages, hints=meant), passages)
    assert ranked[0].found.article.source == first


FERRY = (
    "The ferry to Norholm is late again, the harbour office said. {} Captain Ines Dahl blamed the fog.",
    ("Nobody was hurt.", "Two crews were called.", "It leaves at ten."),
)


def ferries(*published: datetime | None) -> list[FoundPassage]:
    text, others = FERRY
    return [
        found(number, text.format(other), source=Source("Ferry to Norholm", published_at=moment))
        for number, (other, moment) in enumerate(zip(others, published, strict=False), 1)
    ]


@pytest.mark.parametrize(
    ("question", "published", "first"),
    [
        ("what is the latest on the ferry to Norholm", (day(4), day(11), day(1)), day(11)),
        ("any news on the ferry to Norholm", (day(4), day(1), day(11)), day(11)),
        ("is the ferry to Norholm still late", (day(1), None, day(4)), day(4)),
        ("is the ferry to Norholm still late", (None, None, day(4)), day(4)),
    ],
)
def test_the_newest_of_those_as_much_about_it_comes_first(
    question: str, published: tuple[datetime | None, ...], first: datetime
) -> None:
    passages = [*ferries(*published), found(9, HARBOUR, source=Source("Other", published_at=day(18)))]
    result = ask(question, *passages, hints=hints(question, (), day(19)))
    assert cited(result)[0].published_at == first


def test_what_is_about_something_else_is_no_news_of_it() -> None:
    question = "what is the latest on the ferry to Norholm"
    passages = [*ferries(day(4)), found(9, COUNCIL, source=Source("Council", published_at=day(18)))]
    assert cited(ask(question, *passages, hints=hints(question, (), day(19))))[0].published_at == day(4)


@pytest.mark.parametrize(
    "later",
    [
        "The ferry to Norholm was late in January. " + "The year also brought rain to the town and its fields. " * 9,
        "Will the ferry to Norholm ever not be late again, and what will the harbour office say then?",
    ],
)
def test_what_mentions_it_in_passing_or_only_asks_is_no_news_of_it(later: str) -> None:
    question = "what is the latest on the ferry to Norholm"
    listing = found(9, later, title="The year in review", source=Source("The year", published_at=day(18)))
    first = replace(listing, passage=replace(listing.passage, span=Span(0, min(len(later), 95))))
    assert cited(ask(question, *ferries(day(4)), first, hints=hints(question, (), day(19))))[0].published_at == day(4)


@pytest.mark.parametrize("words", ["today", "this week", "recently", "lately", "this year"])
def test_an_old_event_is_not_told_as_one_of_now(words: str) -> None:
    question = f"why was the ferry to Norholm late {words}"
    (ferry,) = ferries(datetime(2022, 4, 19, tzinfo=UTC))
    result = ask(question, ferry, hints=hints(question, (), day(19)))
    assert isinstance(result, Abstention)
    assert (result.reason, len(result.nearest)) == (AbstentionReason.TOO_OLD, 1)
    assert result.probability < ranking.weights()["thresholds"]["answer"]
    newest = ask(
        question, ferry, *ferries(None, datetime(2023, 4, 19, tzinfo=UTC))[1:], hints=hints(question, (), day(19))
    )
    assert isinstance(newest, Abstention)
    assert newest.reason is AbstentionReason.TOO_OLD
    assert cited(newest)[0].published_at == datetime(2023, 4, 19, tzinfo=UTC)
    assert isinstance(ask(question, *ferries(day(19)), hints=hints(question, (), day(19))), Answer)


@pytest.mark.parametrize(
    ("question", "published", "doubt"),
    [
        ("what is the latest on the ferry to Norholm", datetime(2022, 4, 19, tzinfo=UTC), TimeDoubt.NEWEST_IS_OLD),
        ("why was the ferry to Norholm late this week", None, TimeDoubt.UNDATED),
        ("why was the ferry to Norholm late in 2019", day(4), TimeDoubt.OTHER_TIME),
        ("why was the ferry to Norholm late in 2024", day(4), None),
        ("why was the ferry to Norholm late", datetime(2022, 4, 19, tzinfo=UTC), None),
    ],
)
def test_an_answer_of_another_time_says_so_and_is_never_strong(
    question: str, published: datetime | None, doubt: TimeDoubt | None
) -> None:
    result = ask(question, *ferries(published), hints=hints(question, (), day(19)))
    assert isinstance(result, Answer)
    assert result.time_doubt is doubt
    assert doubt is None or result.confidence is not Confidence.HIGH


def test_the_newest_is_not_called_so_where_a_newer_passage_follows_it() -> None:
    question = "what is the latest on the ferry to Norholm"
    (ferry,) = ferries(datetime(2022, 4, 19, tzinfo=UTC))
    for headline, doubt in (
        ("The harbour", TimeDoubt.NEWEST_IS_OLD),
        ("On the ferry to Norholm", TimeDoubt.NEWER_BELOW),
    ):
        other = found(9, "The harbour was closed.", source=Source(headline, published_at=day(4)))
        result = ask(question, ferry, other, hints=hints(question, (), day(19)))
        assert isinstance(result, Answer)
        assert cited(result)[0] == ferry.article.source
        assert result.time_doubt is doubt


def test_the_newest_is_not_passed_over_for_an_article_with_more_passages_about_it() -> None:
    question, text = "what is the latest on the ferry to Norholm", "The ferry to Norholm was late."
    items = [found(number, text, source=Source("The ferry", published_at=day(number))) for number in (4, 11)]
    candidates = [Candidate(item.passage.id, 1.0, 1.0) for item in items]
    old, new = sorted(ranking.rank(listed(question, candidates, *items), items), key=lambda one: one.published_on)
    of_many = replace(old, score=new.score + 2.2, features={**old.features, "companion": 1.0})
    assert ranking.newest_first([of_many, new])[0] is new
    assert ranking.newest_first([replace(old, score=new.score + 2.2), new])[0] is not new


def test_a_newer_article_with_the_subject_in_its_headline_follows_the_first() -> None:
    question = "what is the latest on the ferry to Norholm"
    items = [
        found(number, f"It was late {number} times.", source=Source("Ferry to Norholm", published_at=day(number)))
        for number in (3, 4, 11)
    ]
    candidates = [Candidate(item.passage.id, 1.0, 1.0) for item in items]
    ranked = sorted(ranking.rank(listed(question, candidates, *items), items), key=lambda one: one.published_on)
    older, old, new = (replace(one, score=score) for one, score in zip(ranked, (9.0, 9.0, 7.0), strict=True))
    assert ranking.newest_first([older, old, new]) == [old, new, older]


def test_an_answer_that_does_not_tell_the_relation_is_never_strong() -> None:
    spoke = found(1, "Captain Ines Dahl of the Norholm ferry spoke of the fog on Monday.")
    told = found(1, "Captain Ines Dahl of the Norholm ferry was killed in the fog on Monday.")
    sure = {**ranking.weights(), "thresholds": {"answer": 0.0, "fair": 0.0, "high": 0.0}}
    with mock.patch.object(ranking, "weights", return_value=sure):
        for passage, confidence in ((spoke, Confidence.LOW), (told, Confidence.HIGH)):
            result = ask("when was Ines Dahl killed", passage)
            assert isinstance(result, Answer)
            assert result.confidence is confidence


def test_where_the_newest_is_asked_for_the_newest_are_searched_apart_too() -> None:
    searched = Searched(9, day(1), datetime(2024, 6, 30, tzinfo=UTC))
    meant = hints("what is the latest on the ferry", (), day(19))
    everything, month, year = answering.scopes_to_search(Scope(), searched, meant)
    assert everything == Scope()
    assert [scope.filters.since for scope in (month, year) if scope.filters] == [
        datetime(2024, 5, 31, tzinfo=UTC),
        datetime(2023, 7, 1, tzinfo=UTC),
    ]
    narrow = Scope(filters=Filters("Reuters", datetime(2024, 6, 10, tzinfo=UTC)))
    assert answering.scopes_to_search(narrow, searched, meant) == (narrow, narrow, narrow)
    assert answering.scopes_to_search(Scope(), searched, NO_HINTS) == (Scope(),)
    assert answering.scopes_to_search(Scope(), Searched(9), meant) == (Scope(),)


def test_of_the_same_story_the_newest_is_cited_with_the_others_beside_it() -> None:
    corrected = Source("Library", "Reuters", published_at=day(4), updated_at=day(12))
    result = ask("why was the library closed", found(1, COUNCIL, source=OLD), found(2, COUNCIL, source=NEW))
    assert cited(result)[0] == NEW
    result = ask("why was the library closed", found(1, COUNCIL, source=corrected), found(2, COUNCIL, source=NEW))
    assert cited(result)[0] == corrected


def test_a_text_that_many_papers_print_leaves_room_for_other_texts() -> None:
    copies = [found(number, COUNCIL) for number in range(1, 30)]
    other = found(50, "The library closed early, says the keeper of its keys.")
    candidates = [Candidate(passage.passage.id, 0.9, 1.0) for passage in copies]
    candidates.append(Candidate(other.passage.id, 0.1, 0.1))
    chosen = listed("why was the library closed", candidates, *copies, other).passage_ids
    assert chosen == [1, 2, 50]


@pytest.mark.parametrize("most", [3, 20])
def test_an_answer_cites_as_many_passages_as_it_may_if_enough_are_found(most: int) -> None:
    question = "why was the library closed"
    passages = [found(n, f"The library number {n} closed its doors because of rain in ward {n}.") for n in range(1, 31)]
    chosen = listed(question, [Candidate(each.passage.id, 0.9, 1.0) for each in passages], *passages, most=most)
    assert len(_citations(answering.answer(chosen, passages, SEARCHED))) == most


def test_the_others_beside_a_cited_article_are_other_articles_each_once() -> None:
    two = found(2, COUNCIL, source=NEW)
    again = replace(two, passage=replace(two.passage, id=PassageId(3), ordinal=1))  # the same article's next passage
    (citation,) = _citations(ask("why was the library closed", found(1, COUNCIL, source=OLD), two, again))
    assert (citation.source, citation.also) == (NEW, (OLD,))
    (alone,) = _citations(ask("why was the library closed", two, again))
    assert (alone.source, alone.also) == (NEW, ())


def test_without_candidates_nothing_was_found() -> None:
    assert ask("why was the library closed") == Abstention(
        "why was the library closed",
        AbstentionReason.NOTHING_FOUND,
        0.0,
        SEARCHED,
        looked_for=("library", "closed"),
    )


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("who married Ines Dahl in Norholm cathedral", False),  # neither Norholm nor a cathedral
        ("who is the husband of Ines Dahl", True),
        ("what is the capital of Norway", False),
        ("where does the ferry of the harbour get repaired", True),
    ],
)
def test_the_nearest_is_shown_only_where_it_is_about_the_subject(question: str, shown: bool) -> None:  # noqa: FBT001
    strict = {**ranking.weights(), "thresholds": {**ranking.weights()["thresholds"], "answer": 1.0}}
    with mock.patch.object(ranking, "weights", return_value=strict):
        result = ask(question, found(2, HARBOUR))
    assert isinstance(result, Abstention)
    assert (result.shown is not None) is shown
    assert result.nearest  # which is kept, since it may be judged


def test_of_the_further_passages_only_those_about_the_subject_are_shown() -> None:
    also = found(3, "Readers wait for the library to open. It was closed in May.", "Months without books")
    result = ask("why was the library closed", found(1, COUNCIL), found(2, HARBOUR), also)
    assert isinstance(result, Answer)
    assert {one.passage_id for one in result.citations} == {1, 2, 3}
    assert [one.passage_id for one in result.shown] == [1, 3]
    assert [ref.passage_id for ref in result.refs] == [1, 3]


def test_a_single_common_word_is_no_question_but_a_name_is() -> None:
    assert understood("water", 2300).is_scrap()
    assert not understood("Water", 2300, names={"water"}).is_scrap()
    assert not understood("earthquake", 8372).is_scrap()
    assert not understood("water pipe", 2300).is_scrap()


def understood(text: str, token: int, names: Collection[str] = ()) -> Question:
    """A question whose first word has this token, at its place in a vocabulary by falling frequency."""
    embedding = EMBEDDER.embed_query(text)
    question = understand(text, replace(embedding, token_ids=np.full_like(embedding.token_ids, token)))
    return replace(question, names=frozenset(names))


def test_a_candidate_that_was_removed_meanwhile_is_passed_over() -> None:
    there, gone = found(1, COUNCIL), found(9, HARBOUR)
    candidates = [Candidate(PassageId(9), 0.9, 5.0), Candidate(PassageId(1), 0.5, 1.0)]
    for outlined in ([there], [there, gone]):
        result = answering.answer(listed("library", candidates, *outlined), [there], SEARCHED)
        assert [citation.passage_id for citation in _citations(result)] == [1]


def test_confidence_follows_probability() -> None:
    result = ask("why was the library closed because rain came through the roof", found(1, COUNCIL))
    assert isinstance(result, Answer)
    assert (result.confidence is Confidence.HIGH) == (result.probability >= 0.7)


def test_an_empty_archive_is_a_reason_of_its_own() -> None:
    abstention = answering.nothing_to_search("who?", Searched(0), Scope())
    assert abstention.reason is AbstentionReason.EMPTY_ARCHIVE


def test_a_question_is_put_on_one_clean_line() -> None:
    assert answering.check_question("  why \n was\tit closed? ") == "why was it closed?"


@pytest.mark.parametrize("question", ["", " ", "?!", "x" * 301])
def test_what_is_no_question_is_refused(question: str) -> None:
    with pytest.raises(QuestionRejected):
        answering.check_question(question)


TEXTS = st.lists(
    st.sampled_from(["Mayor Roe left. ", "“No!” ", "On Monday it rained ", "300 ", "… ", "x\n\n", "é "]), min_size=1
)


@given(question=st.text(min_size=1, max_size=60), texts=st.lists(TEXTS.map("".join), max_size=4), tokens=st.booleans())
def test_whatever_is_asked_citations_are_verbatim_and_marks_lie_within(
    question: str, texts: list[str], *, tokens: bool
) -> None:
    passages = [found(n, text.strip(), tokens=tokens) for n, text in enumerate(texts, 1) if text.strip()]
    result = ask(question, *passages)
    assert result == ask(question, *reversed(passages))
    assert 0 <= result.probability <= 1
    bodies = {item.passage.id: item.article.body for item in passages}
    for citation in _citations(result):
        assert citation.excerpt == citation.span.of(bodies[citation.passage_id])
        assert citation.marked is not None
        assert citation.span.covers(citation.marked)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who will replace the old note?", ["replace", "old", "note"]),
        ("Will the note be replaced?", ["note", "replaced"]),
        ("Which harbour may close", ["harbour", "close"]),
        ("What did Will Hale say of the will?", ["Will", "Hale", "say", "will"]),
    ],
)
def test_a_verb_that_only_helps_another_is_not_looked_for(question: str, words: list[str]) -> None:
    assert printed_words(question) == words
