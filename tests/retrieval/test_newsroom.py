"""The one door, over a real archive and a real index; only the embedding model is a stand-in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from config.settings import OnModelChange, Settings
from retrieval.asking import ranking
from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Abstention, AbstentionReason, Answer, Citation, CitationRef
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, PassageId
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound, SpeakerAmbiguous, SpeakerUnknown
from retrieval.domain.scope import Filters, Scope
from retrieval.errors import ArticleRejected, ArticleUnknown, EmbeddingMismatch, QuestionRejected
from tests.support.articles import BAKERY, BRIDGE, SCHOOL
from tests.support.fakes import HashingEmbedder
from tests.support.newsrooms import newsroom_in, settings_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom

EVERYBODY = Scope()
ONE, OTHER = CollectionId(11), CollectionId(22)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as room:
        yield room


@pytest.fixture
def filled(room: Newsroom) -> Newsroom:
    for draft in (BRIDGE, BAKERY, SCHOOL):
        room.importer.add(draft, SHARED)
    return room


def test_an_answer_cites_the_article_word_for_word(filled: Newsroom) -> None:
    answer = filled.ask(EVERYBODY, "why was the harbour bridge closed")
    assert isinstance(answer, Answer)
    first = answer.citations[0]
    assert first.source.title == "Harbour bridge closed after cracks are found"
    assert first.source.publisher == "The Selby Courier"
    assert first.answering == (
        "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings."
    )
    assert first.excerpt in BRIDGE.text


def test_a_citation_is_found_again_by_what_a_button_remembers(filled: Newsroom) -> None:
    answer = filled.ask(EVERYBODY, "why was the harbour bridge closed")
    assert isinstance(answer, Answer)
    assert filled.cite(EVERYBODY, [citation.ref for citation in answer.citations]) == answer.citations
    assert filled.cite(EVERYBODY, [CitationRef(PassageId(999), None)]) == ()


def test_an_empty_archive_says_so(room: Newsroom) -> None:
    abstention = room.ask(EVERYBODY, "why was the harbour bridge closed")
    assert isinstance(abstention, Abstention)
    assert abstention.reason is AbstentionReason.EMPTY_ARCHIVE


@pytest.mark.parametrize("question", ["", "   ", "\u202e\u200b", "a" * 5000])
def test_what_is_no_question_is_refused(filled: Newsroom, question: str) -> None:
    with pytest.raises(QuestionRejected):
        filled.ask(EVERYBODY, question)


@pytest.mark.parametrize("message", ["hi", "thanks!", "👍", "?!…", "why"])
def test_small_talk_is_answered_with_questions_about_the_people_of_the_archive(filled: Newsroom, message: str) -> None:
    abstention = filled.ask(EVERYBODY, message)
    assert isinstance(abstention, Abstention)
    assert (abstention.reason, abstention.nearest) == (AbstentionReason.SMALL_TALK, ())
    names = {entry.speaker.name for entry in filled.speakers.directory(EVERYBODY).entries}
    said, who = abstention.examples
    assert {said.removeprefix("What did ").removesuffix(" say?"), who.removeprefix("Who is ").rstrip("?")} <= names


def test_words_that_no_article_has_are_told_with_examples(filled: Newsroom) -> None:
    abstention = filled.ask(EVERYBODY, "asdf qwer")
    assert isinstance(abstention, Abstention)
    assert abstention.reason is AbstentionReason.NOTHING_FOUND
    assert (abstention.shown, abstention.looked_for) == (None, ("asdf", "qwer"))
    assert len(abstention.examples) == 2


def test_the_example_is_a_question_that_the_articles_answer_and_each_scope_has_its_own(filled: Newsroom) -> None:
    strong = {**ranking.weights(), "thresholds": {"answer": 0.0, "fair": 0.0, "high": 0.0}}
    with mock.patch.object(ranking, "weights", return_value=strong):
        [example] = filled.examples(EVERYBODY)
        assert example.question == f"What did {example.speaker} say?"
        assert isinstance(filled.ask(EVERYBODY, example.question), Answer)
        elsewhere = Scope(filters=Filters("The Paper of Nowhere"))
        assert filled.examples(elsewhere) == ()
    weak = {**ranking.weights(), "thresholds": {"answer": 0.0, "fair": 2.0, "high": 2.0}}
    filled.importer.add(
        Draft("A ferry sailed from Oslo to Bergen on Monday, and nobody was hurt in any way. " * 9), SHARED
    )
    with mock.patch.object(ranking, "weights", return_value=weak):
        assert filled.examples(EVERYBODY) == ()


def test_an_article_is_known_the_second_time(filled: Newsroom) -> None:
    again = filled.importer.add(BRIDGE, SHARED)
    assert again.known
    assert len(filled.articles.entries(EVERYBODY)) == 3


def test_a_refused_article_leaves_nothing(room: Newsroom) -> None:
    with pytest.raises(ArticleRejected):
        room.importer.add(Draft("Source link"), SHARED)
    assert room.about(EVERYBODY).articles == 0


def test_a_server_sees_its_own_articles_and_the_shared_ones(room: Newsroom) -> None:
    room.importer.add(BRIDGE, SHARED)
    room.importer.add(BAKERY, ONE)
    room.importer.add(SCHOOL, OTHER)
    seen = {
        scope: {entry.source.publisher for entry in room.articles.entries(scope)} for scope in (EVERYBODY, Scope(ONE))
    }
    assert seen == {EVERYBODY: {"The Selby Courier"}, Scope(ONE): {"The Selby Courier", "Selby Radio"}}
    assert isinstance(room.quotes_by(Scope(OTHER), "Lindqvist"), SpeakerUnknown)
    assert isinstance(room.quotes_by(Scope(ONE), "Lindqvist"), QuotationsFound)


def test_one_article_for_two_servers_is_stored_once(room: Newsroom) -> None:
    first = room.importer.add(BRIDGE, ONE)
    second = room.importer.add(BRIDGE, OTHER)
    assert (second.known, second.article.id) == (False, first.article.id)
    assert room.about(Scope(ONE)).articles == room.about(Scope(OTHER)).articles == 1
    room.articles.remove(Scope(ONE), first.article.id)
    assert room.about(Scope(ONE)).articles == 0
    assert room.about(Scope(OTHER)).articles == 1


def test_a_removed_article_is_neither_found_nor_quoted(filled: Newsroom) -> None:
    bakery = next(entry for entry in filled.articles.entries(EVERYBODY) if entry.source.publisher == "Selby Radio")
    assert filled.articles.remove(EVERYBODY, bakery.id) == bakery
    assert isinstance(filled.quotes_by(EVERYBODY, "Lindqvist"), SpeakerUnknown)
    with pytest.raises(ArticleUnknown):
        filled.articles.remove(EVERYBODY, bakery.id)
    with pytest.raises(ArticleUnknown):
        filled.articles.remove(EVERYBODY, ArticleId(999))


@pytest.mark.parametrize(
    "name", ["Piotr Lindqvist", "piotr lindqvist", "Lindqvist", "lindq", "PIOTR", "Piótr Líndqvist"]
)
def test_a_speaker_answers_to_a_part_of_the_name(filled: Newsroom, name: str) -> None:
    found = filled.quotes_by(EVERYBODY, name)
    assert isinstance(found, QuotationsFound)
    assert found.speaker.name == "Piotr Lindqvist"
    assert [cited.words for cited in found.quotations] == ["My grandmother would have asked what took them so long,"]


def test_a_name_that_two_people_share_asks_which(filled: Newsroom) -> None:
    unclear = filled.quotes_by(EVERYBODY, "Okafor")
    assert isinstance(unclear, SpeakerAmbiguous)
    assert {entry.speaker.name for entry in unclear.choices} == {"Ada Okafor", "Linda Okafor"}
    chosen = filled.quotes_of(EVERYBODY, unclear.choices[0].speaker.id)
    assert isinstance(chosen, QuotationsFound)


def test_quotations_are_narrowed_to_what_they_are_about(filled: Newsroom) -> None:
    everything = filled.quotes_by(EVERYBODY, "Ada Okafor")
    assert isinstance(everything, QuotationsFound)
    assert (everything.about, everything.left_out, len(everything.quotations)) == (None, 0, 2)
    for about, words in (
        ("waiting for luck", "But we will not wait for luck to run out."),
        ("danger", "Nobody was ever"),
    ):
        found = filled.quotes_by(EVERYBODY, "Ada Okafor", about)
        assert isinstance(found, QuotationsFound)
        (cited,) = found.quotations
        assert cited.words.startswith(words)
        assert (found.about, found.left_out) == (about, 1)


def test_nobody_is_quoted_about_what_they_never_spoke_of(filled: Newsroom) -> None:
    silent = filled.quotes_by(EVERYBODY, "Ada Okafor", "the football championship")
    assert isinstance(silent, NotQuotedAbout)
    assert (silent.speaker.name, silent.about, silent.quotations) == ("Ada Okafor", "the football championship", 2)
    assert isinstance(filled.quotes_by(EVERYBODY, "Ada Okafor", "why is it"), NotQuotedAbout)
    with pytest.raises(QuestionRejected):
        filled.quotes_by(EVERYBODY, "Ada Okafor", "?!…")


def test_a_misspelt_name_is_answered_with_near_ones(filled: Newsroom) -> None:
    unknown = filled.quotes_by(EVERYBODY, "Lindquist")
    assert isinstance(unknown, SpeakerUnknown)
    assert [entry.speaker.name for entry in unknown.near] == ["Piotr Lindqvist"]
    stranger = filled.quotes_by(EVERYBODY, "Zaphod")
    assert isinstance(stranger, SpeakerUnknown)
    assert stranger.near == filled.speakers.like(EVERYBODY, "")


def test_half_typed_names_are_completed_most_quoted_first(filled: Newsroom) -> None:
    assert filled.speakers.like(EVERYBODY, "")[0].speaker.name == "Ada Okafor"
    assert [entry.speaker.name for entry in filled.speakers.like(EVERYBODY, "lin")] == [
        "Linda Okafor",
        "Piotr Lindqvist",
    ]
    assert len(filled.speakers.like(EVERYBODY, "", limit=1)) == 1


def test_what_another_process_changes_is_seen_at_the_next_question(filled: Newsroom, settings: Settings) -> None:
    with open_newsroom(settings, HashingEmbedder()) as other:
        bridge = next(entry for entry in other.articles.entries(EVERYBODY) if "bridge" in entry.source.title)
        other.articles.remove(EVERYBODY, bridge.id)
    assert all(citation.article_id != bridge.id for citation in _citations(filled, "why was the harbour bridge closed"))
    assert all(entry.speaker.name != "Ada Okafor" for entry in filled.speakers.like(EVERYBODY, ""))


def test_vectors_of_another_model_are_refused_or_made_again(settings: Settings) -> None:
    with open_newsroom(settings, HashingEmbedder()) as room:
        room.importer.add(BRIDGE, SHARED)
    with (
        pytest.raises(EmbeddingMismatch, match="ON_MODEL_CHANGE=reembed"),
        open_newsroom(settings, HashingEmbedder(32)),
    ):
        pass
    willing = settings.model_copy(update={"on_model_change": OnModelChange.REEMBED})
    with open_newsroom(willing, HashingEmbedder(32)) as room:
        assert _citations(room, "why was the harbour bridge closed")
        assert room.check().problems == ()
        assert room.check().vectors == room.about(EVERYBODY).passages


def test_seeds_are_planted_once_and_stay_away_when_removed(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "bridge.txt").write_text(BRIDGE.text, encoding="utf-8")
    (tmp_path / "seeds" / "page.txt").write_text("Source link", encoding="utf-8")
    seeded = settings.model_copy(update={"seeds_path": tmp_path / "seeds"})
    with open_newsroom(seeded, HashingEmbedder()) as room:
        room.warm_up.result(timeout=10)
        (entry,) = room.articles.entries(EVERYBODY)
        room.articles.remove(EVERYBODY, entry.id)
    with open_newsroom(seeded, HashingEmbedder()) as room:
        room.warm_up.result(timeout=10)
        assert room.articles.entries(EVERYBODY) == ()


def _citations(room: Newsroom, question: str) -> tuple[Citation, ...]:
    match room.ask(EVERYBODY, question):
        case Answer() as answer:
            return answer.citations
        case Abstention() as abstention:
            return abstention.nearest


@pytest.mark.parametrize(
    ("since", "until", "titles"),
    [
        (None, None, {"Harbour", "Oldest", "School"}),
        ("2024-05", None, {"Harbour", "Oldest"}),
        (None, "2024-05-07", {"Harbour", "School"}),
        ("2024-05-07", "2024-05-07", {"Harbour"}),
        ("2024", "2024", {"Harbour", "Oldest", "School"}),
        ("2025", None, set()),
    ],
)
def test_a_question_sees_the_days_it_is_meant_for(
    filled: Newsroom, since: str | None, until: str | None, titles: set[str]
) -> None:
    scope = filled.narrowed(EVERYBODY, since=since, until=until)
    assert {entry.source.title.split()[0] for entry in filled.articles.entries(scope)} == titles
    result = filled.ask(scope, "why was the harbour bridge closed")
    assert isinstance(result, Abstention) or result.citations[0].source.title.split()[0] in titles
    assert result.searched.articles == len(titles)


def test_a_question_sees_the_publisher_it_is_meant_for(filled: Newsroom) -> None:
    assert filled.publishers_like(EVERYBODY, "sel") == ("The Selby Courier", "Selby Radio")
    scope = filled.narrowed(EVERYBODY, publisher="selby radio")
    assert [entry.source.publisher for entry in filled.articles.entries(scope)] == ["Selby Radio"]
    nothing = filled.ask(filled.narrowed(EVERYBODY, publisher="The Times"), "why was the harbour bridge closed")
    assert isinstance(nothing, Abstention)
    assert nothing.reason is AbstentionReason.FILTERS_MATCH_NOTHING


@pytest.mark.parametrize("day", ["soon", "2024-13", "2024-02-30", "24", "0000", "2024-1-1-1", "9999-12"])
def test_what_is_no_day_is_refused(room: Newsroom, day: str) -> None:
    with pytest.raises(QuestionRejected, match="is no day"):
        room.narrowed(EVERYBODY, since=day)


def test_days_in_the_wrong_order_are_refused(room: Newsroom) -> None:
    with pytest.raises(QuestionRejected, match="comes before"):
        room.narrowed(EVERYBODY, since="2024-05", until="2024-04")


def test_a_story_that_two_outlets_carry_is_cited_once_from_the_newest(filled: Newsroom) -> None:
    copy = Draft(
        text=BRIDGE.text.replace("Engineers hope", "Engineers said they hope"),
        publisher="Harbour Radio",
        published_at=datetime(2024, 5, 8, tzinfo=UTC),
    )
    filled.importer.add(copy, SHARED)
    answer = filled.ask(EVERYBODY, "why was the harbour bridge closed")
    assert isinstance(answer, Answer)
    assert answer.citations[0].source.publisher == "Harbour Radio"
    assert [source.publisher for source in answer.citations[0].also] == ["The Selby Courier"]
    assert all("harbour bridge was closed" not in (c.answering or "") for c in answer.citations[1:])
