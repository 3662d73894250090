"""Quotations that moderators corrected: in every view, for their server alone, and for good."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.records import NewSpeaker
from retrieval.domain.articles import Span
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, UserId
from retrieval.domain.overrides import OverrideKind
from retrieval.domain.quotations import Attribution, QuotationsFound, SpeakerEntry, SpeakerUnknown, UnnamedSources
from retrieval.domain.scope import Scope
from retrieval.errors import OverrideRejected
from retrieval.text.extractor import EXTRACTOR
from tests.support.fakes import HashingEmbedder
from tests.support.newsrooms import newsroom_in
from tests.support.prepared import NOON, day, new_article, quotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.domain.ids import SpeakerId
    from retrieval.newsroom import Newsroom

ANYONE, HERE, THERE, BY = Scope(), Scope(CollectionId(11)), Scope(CollectionId(22)), UserId(7)
ADA, NILS = NewSpeaker("Ada Okafor", "mayor"), NewSpeaker("Nils Brandt", "pilot")
PIER = "Ada Okafor said “the pier stays open.” and later “we will see.” on Monday"
FLIGHT = "Nils Brandt said “we flew blind.” at the airport"
SOURCE = "An official said “the pier is for sale.” on Friday"


pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as opened:
        add(opened, PIER, ("the pier stays open.", ADA), ("we will see.", ADA))
        add(opened, FLIGHT, ("we flew blind.", NILS))
        yield opened


def add(room: Newsroom, text: str, *said: tuple[str, *tuple[NewSpeaker, ...]], scope: Scope = ANYONE) -> ArticleId:
    line = Span(text.rfind("\n") + 1, len(text))
    quoted = tuple(dataclasses.replace(quotation(text, words, *speakers), context=line) for words, *speakers in said)
    article = dataclasses.replace(new_article(text[:9], text, published_at=day(1)), quotations=quoted)
    collection = scope.server or SHARED
    return room._archive.articles.add(article, HashingEmbedder().spec, collection=collection, now=NOON).article.id


def article_of(room: Newsroom, scope: Scope, text: str = PIER) -> ArticleId:
    return next(entry.id for entry in room.articles.entries(scope) if entry.source.title == text[:9])


def place(room: Newsroom, words: str = "the pier stays open.", text: str = PIER, scope: Scope = HERE) -> ExcerptRef:
    start = text.index(words)
    return ExcerptRef(article_of(room, scope, text), Span(start, start + len(words)))


def id_of(room: Newsroom, scope: Scope, name: str) -> SpeakerId:
    entry = room.speakers.named(scope, name)
    assert isinstance(entry, SpeakerEntry)
    return entry.speaker.id


def words_of(room: Newsroom, scope: Scope, name: str) -> list[str]:
    """What is quoted of somebody, in the order of their words; the count must be the same."""
    found = room.quotes_by(scope, name)
    if isinstance(found, SpeakerUnknown):
        return []
    assert isinstance(found, QuotationsFound)
    entry = room.speakers.named(scope, name)
    assert not isinstance(entry, SpeakerEntry) or entry.quotations == len(found.quotations)
    return sorted(cited.words for cited in found.quotations)


def test_words_are_given_to_another_speaker_and_taken_from_the_first(room: Newsroom) -> None:
    room.overrides.correct(HERE, place(room), OverrideKind.SPEAKER, id_of(room, HERE, "Nils Brandt"), BY)
    assert words_of(room, HERE, "Ada Okafor") == ["we will see."]
    assert words_of(room, HERE, "Nils Brandt") == ["the pier stays open.", "we flew blind."]
    article = article_of(room, HERE)
    assert room.articles.show(HERE, article).speakers == (("Ada Okafor", 1), ("Nils Brandt", 1))
    assert room.articles.show(ANYONE, article).speakers == (("Ada Okafor", 2),)
    found = room.quotes_by(HERE, "Nils Brandt")
    assert isinstance(found, QuotationsFound)
    given = next(cited for cited in found.quotations if cited.words == "the pier stays open.")
    assert given.quotation.attribution is Attribution.BY_HAND
    assert given.said_by is None
    assert [(who.name, who.role) for who in given.quotation.speakers] == [("Nils Brandt", None)]
    assert room.speakers.quotation_at(HERE, place(room)) == given


@pytest.mark.parametrize("kind", [OverrideKind.NOBODY, OverrideKind.UNQUOTED])
def test_words_are_nobody_s(room: Newsroom, kind: OverrideKind) -> None:
    room.overrides.correct(HERE, place(room), kind, by=BY)
    assert words_of(room, HERE, "Ada Okafor") == ["we will see."]


def test_whose_last_words_are_taken_away_is_not_listed_any_more(room: Newsroom) -> None:
    room.overrides.correct(HERE, place(room, "we flew blind.", FLIGHT), OverrideKind.NOBODY, by=BY)
    assert words_of(room, HERE, "Nils Brandt") == []
    assert words_of(room, ANYONE, "Nils Brandt") == ["we flew blind."]


def test_a_role_that_is_wrong_is_not_shown(room: Newsroom) -> None:
    room.overrides.correct(HERE, place(room), OverrideKind.ROLE, by=BY)
    found = room.quotes_by(HERE, "Ada Okafor")
    assert isinstance(found, QuotationsFound)
    roles = {cited.words: cited.quotation.speakers[0].role for cited in found.quotations}
    assert roles == {"the pier stays open.": None, "we will see.": "mayor"}


def test_words_that_are_disputed_by_hand_stand_with_those_that_articles_dispute(room: Newsroom) -> None:
    room.overrides.correct(HERE, place(room), OverrideKind.DISPUTED, by=BY)
    found = room.quotes_by(HERE, "Ada Okafor")
    assert isinstance(found, QuotationsFound)
    assert [cited.words for cited in found.quotations] == ["we will see."]
    assert [cited.words for cited in found.disputed] == ["the pier stays open."]
    assert [who.name for who in found.disputed[0].quotation.alleged] == ["Ada Okafor"]
    passage = next(each for each in room._archive.passages.quoted(HERE, [id_of(room, ANYONE, "Ada Okafor")]))
    assert [words.of(PIER) for words in passage.disputed] == ["the pier stays open."]
    excerpt = room.excerpts.find(HERE, place(room))
    assert excerpt is not None
    assert excerpt.is_disputed


def test_an_unnamed_source_is_given_a_name(room: Newsroom) -> None:
    add(room, SOURCE, ("the pier is for sale.",))
    article = article_of(room, HERE, SOURCE)
    ref = ExcerptRef(article, Span(SOURCE.index("the pier"), SOURCE.index("”")))
    room.overrides.correct(HERE, ref, OverrideKind.SPEAKER, id_of(room, HERE, "Ada Okafor"), BY)
    assert "the pier is for sale." in words_of(room, HERE, "Ada Okafor")
    assert not isinstance(room.quotes_by(HERE, "An official"), UnnamedSources)


def test_passages_know_who_said_what_as_corrected(room: Newsroom) -> None:
    room.overrides.correct(HERE, place(room), OverrideKind.SPEAKER, id_of(room, HERE, "Nils Brandt"), BY)
    ids = [found.passage.id for found in room._archive.passages.quoted(HERE, [id_of(room, ANYONE, "Ada Okafor")])]
    for scope, name in ((HERE, "Nils Brandt"), (THERE, "Ada Okafor")):
        [found] = room._archive.passages.find(scope, ids, spoken=True)
        assert {said.content.of(PIER): said.name for said in found.spoken}["the pier stays open."] == name


def test_it_counts_in_its_own_server_alone(room: Newsroom) -> None:
    room.overrides.correct(HERE, place(room), OverrideKind.NOBODY, by=BY)
    for scope in (ANYONE, THERE):
        assert words_of(room, scope, "Ada Okafor") == ["the pier stays open.", "we will see."]
    only_here = ExcerptRef(add(room, SOURCE, ("the pier is for sale.", ADA), scope=HERE), Span(18, 30))
    with pytest.raises(OverrideRejected):
        room.overrides.correct(THERE, only_here, OverrideKind.NOBODY, by=BY)


def test_it_counts_for_the_same_sentence_in_every_article_that_the_server_sees(room: Newsroom) -> None:
    said = ("the pier stays open.", ADA)
    room.articles.remove(ANYONE, article_of(room, ANYONE))
    first, second = (f"{lead}\n{PIER}" for lead in ("Selby. It rains.", "From our desk in Port Selby"))
    other = "On Sunday Ada Okafor repeated: “the pier stays open.” to applause"
    for text in (first, other):
        add(room, text, said)
    made = room.overrides.correct(HERE, place(room, text=first), OverrideKind.NOBODY, by=BY).override
    copy = add(room, second, said, scope=HERE)
    assert room.articles.show(HERE, copy).speakers == ()
    assert words_of(room, HERE, "Ada Okafor") == ["the pier stays open."]  # in another sentence
    room.articles.remove(ANYONE, article_of(room, ANYONE, first))
    room.articles.remove(ANYONE, article_of(room, ANYONE, other))
    assert words_of(room, HERE, "Ada Okafor") == []
    excerpt = room.excerpts.find(HERE, place(room, text=second))
    assert excerpt is None or excerpt.quotation is None
    room.overrides.undo(HERE, made.id, BY)
    assert words_of(room, HERE, "Ada Okafor") == ["the pier stays open."]
    assert room.articles.show(HERE, copy).speakers == (("Ada Okafor", 1),)


def test_it_survives_rereading_and_the_article_that_goes_and_comes(room: Newsroom) -> None:
    room.overrides.correct(HERE, place(room), OverrideKind.NOBODY, by=BY)
    with room._archive._connections.writing() as connection:
        connection.exec_driver_sql(f"UPDATE articles SET extractor = {EXTRACTOR - 1}")
    while (outdated := room._archive.rereading.next()) is not None:
        again = [quotation(PIER, words, ADA) for words in ("the pier stays open.", "we will see.")]
        room._archive.rereading.replace(outdated, again if outdated.body == PIER else [])
    assert words_of(room, HERE, "Ada Okafor") == ["we will see."]
    room.articles.remove(ANYONE, article_of(room, ANYONE))
    add(room, PIER, ("the pier stays open.", ADA), ("we will see.", ADA), scope=HERE)
    assert words_of(room, HERE, "Ada Okafor") == ["we will see."]


def test_it_is_undone_and_both_stand_in_the_audit(room: Newsroom) -> None:
    made = room.overrides.correct(HERE, place(room), OverrideKind.NOBODY, by=BY).override
    assert made in room.overrides.active(HERE)
    room.overrides.undo_by_fingerprint(HERE, made.fingerprint, BY)
    assert words_of(room, HERE, "Ada Okafor") == ["the pier stays open.", "we will see."]
    lines = room.collections.audit(HERE).lines
    assert [(line.action, line.user) for line in lines] == [("speaker undo", BY), ("quotation corrected", BY)]
    assert "the pier stays open." in lines[1].detail


def test_the_latest_correction_counts_and_the_one_before_after_its_undoing(room: Newsroom) -> None:
    room.overrides.correct(HERE, place(room), OverrideKind.NOBODY, by=BY)
    nils = id_of(room, HERE, "Nils Brandt")
    later = room.overrides.correct(HERE, place(room), OverrideKind.SPEAKER, nils, BY).override
    assert "the pier stays open." in words_of(room, HERE, "Nils Brandt")
    room.overrides.undo(HERE, later.id, BY)
    assert words_of(room, HERE, "Nils Brandt") == ["we flew blind."]
    assert words_of(room, HERE, "Ada Okafor") == ["we will see."]


def test_there_is_nothing_to_correct_where_nothing_is_quoted(room: Newsroom) -> None:
    with pytest.raises(OverrideRejected):
        room.overrides.correct(HERE, ExcerptRef(article_of(room, HERE), Span(0, 3)), OverrideKind.NOBODY, by=BY)
    with pytest.raises(OverrideRejected):
        room.overrides.correct(HERE, ExcerptRef(ArticleId(999), Span(0, 30)), OverrideKind.NOBODY, by=BY)
