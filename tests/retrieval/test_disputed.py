"""Words that an article disputes are kept apart from what people said, and carry nobody's name in a list."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.records import NewQuotation, NewSpeaker
from retrieval.domain.answers import Abstention, Answer
from retrieval.domain.articles import Span
from retrieval.domain.ids import SHARED, ArticleId, CollectionId
from retrieval.domain.quotations import NotQuotedAbout, QuotationKind, QuotationsFound, SpeakerEntry, SpeakerUnknown
from retrieval.domain.scope import Scope
from tests.support.fakes import HashingEmbedder
from tests.support.newsrooms import newsroom_in
from tests.support.prepared import NOON, day, new_article, quotation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.newsroom import Newsroom

ANYONE, HERE, THERE = Scope(), Scope(CollectionId(11)), Scope(CollectionId(22))
MAYOR, PILOT = NewSpeaker("Ada Okafor", "mayor"), NewSpeaker("Nils Brandt", "pilot")
SAID = "Ada Okafor said “the pier stays open.” on Monday"
FAKED = "A faked post has Ada Okafor saying “the pier is for sale.” this week"
FLOWN = "No recording has Nils Brandt saying “we flew blind.” at all"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as opened:
        yield opened


@pytest.fixture
def archive(room: Newsroom) -> Archive:
    return room._archive


def add(archive: Archive, title: str, text: str, *quoted: NewQuotation, scope: Scope = ANYONE) -> ArticleId:
    article = dataclasses.replace(new_article(title, text, published_at=day(1)), quotations=quoted)
    return archive.articles.add(article, HashingEmbedder().spec, collection=scope.server or SHARED, now=NOON).article.id


def add_all(archive: Archive, scope: Scope = ANYONE) -> None:
    add(archive, "The pier", SAID, quotation(SAID, "the pier stays open.", MAYOR), scope=scope)
    add(archive, "The post", FAKED, quotation(FAKED, "the pier is for sale.", MAYOR, disputed=True), scope=scope)
    add(archive, "The flight", FLOWN, quotation(FLOWN, "we flew blind.", PILOT, disputed=True), scope=scope)


def test_disputed_words_are_in_no_list_and_no_count(archive: Archive, room: Newsroom) -> None:
    add_all(archive)
    [entry] = room.speakers.directory(ANYONE).entries
    assert (entry.speaker.name, entry.quotations) == ("Ada Okafor", 1)
    assert [cited.words for cited in room.speakers.quoted(ANYONE, entry.speaker.id)[1]] == ["the pier stays open."]
    assert room.speakers.like(ANYONE, "nils") == ()
    assert room.speakers.like(ANYONE, "pilot") == ()
    about = room.about(ANYONE)
    assert (about.quotations, about.speakers) == (1, 1)
    shown = [room.articles.show(ANYONE, line.id) for line in room.articles.entries(ANYONE)]
    assert sorted(each.speakers for each in shown) == [(), (), (("Ada Okafor", 1),)]


def test_they_stand_beside_what_was_said(archive: Archive, room: Newsroom) -> None:
    add_all(archive)
    found = room.quotes_by(ANYONE, "Okafor")
    assert isinstance(found, QuotationsFound)
    [said], [disputed] = found.quotations, found.disputed
    assert (said.words, said.quotation.disputed, said.quotation.alleged) == ("the pier stays open.", False, ())
    assert (disputed.words, disputed.quotation.disputed) == ("the pier is for sale.", True)
    assert disputed.quotation.speakers == ()
    assert [who.name for who in disputed.quotation.alleged] == ["Ada Okafor"]


def test_who_has_nothing_but_disputed_words_is_found_by_the_full_name_alone(archive: Archive, room: Newsroom) -> None:
    add_all(archive)
    assert isinstance(room.quotes_by(ANYONE, "Brandt"), SpeakerUnknown)
    found = room.quotes_by(ANYONE, "Nils Brandt")
    assert isinstance(found, QuotationsFound)
    assert (found.quotations, [cited.words for cited in found.disputed]) == ((), ["we flew blind."])
    assert isinstance(room.quotes_of(ANYONE, found.speaker.id), QuotationsFound)


def test_only_those_about_the_topic_are_beside_a_topic(archive: Archive, room: Newsroom) -> None:
    add_all(archive)
    found = room.quotes_by(ANYONE, "Ada Okafor", "the pier for sale")
    assert isinstance(found, QuotationsFound | NotQuotedAbout)
    if isinstance(found, QuotationsFound):
        assert [cited.words for cited in found.disputed] in ([], ["the pier is for sale."])


def test_another_server_learns_nothing_of_them(archive: Archive, room: Newsroom) -> None:
    add_all(archive, HERE)
    assert isinstance(room.quotes_by(HERE, "Nils Brandt"), QuotationsFound)
    for scope in (ANYONE, THERE):
        assert isinstance(room.quotes_by(scope, "Nils Brandt"), SpeakerUnknown)
        assert isinstance(room.quotes_by(scope, "Ada Okafor"), SpeakerUnknown)


def test_an_answer_says_that_its_marked_sentence_holds_disputed_words(archive: Archive, room: Newsroom) -> None:
    add_all(archive)
    answer = room.ask(ANYONE, "What does a faked post have Ada Okafor saying this week?")
    assert isinstance(answer, Answer | Abstention)
    cited = answer.citations if isinstance(answer, Answer) else answer.nearest
    by_title = {citation.source.title: citation for citation in cited}
    [words] = by_title["The post"].disputed
    assert words.of(FAKED) == "the pier is for sale."
    assert by_title["The post"].marks_disputed
    assert not by_title["The pier"].marks_disputed
    [again] = room.cite(ANYONE, [by_title["The post"].ref])
    assert again.marks_disputed


def test_a_person_goes_with_the_article_that_alleged_it(archive: Archive, room: Newsroom) -> None:
    gone = add(archive, "The flight", FLOWN, quotation(FLOWN, "we flew blind.", PILOT, disputed=True))
    archive.articles.remove(ANYONE, gone, now=NOON)
    assert isinstance(room.quotes_by(ANYONE, "Nils Brandt"), SpeakerUnknown)
    assert room.check().problems == ()


def test_what_is_stored_again_stays_disputed(archive: Archive) -> None:
    id_ = add(archive, "The post", FAKED, quotation(FAKED, "the pier is for sale.", MAYOR, disputed=True))
    [stored] = archive.edits.stored(ANYONE, id_).quotations
    assert (stored.disputed, stored.speakers, [who.name for who in stored.alleged]) == (True, (), ["Ada Okafor"])


def test_no_announcement_leads_with_disputed_words(archive: Archive) -> None:
    id_ = add(archive, "The post", FAKED, quotation(FAKED, "the pier is for sale.", MAYOR, disputed=True))
    assert archive.feed_entries.best_quotation(id_) is None


def test_a_merge_by_hand_holds_for_disputed_words_too(archive: Archive, room: Newsroom) -> None:
    add_all(archive)
    other = "A. Okafor-Lund said “we know.” on Friday"
    add(archive, "Another", other, quotation(other, "we know.", NewSpeaker("Ada Lund")))
    merged, into = room.speakers.named(ANYONE, "Ada Okafor"), room.speakers.named(ANYONE, "Ada Lund")
    assert isinstance(merged, SpeakerEntry)
    assert isinstance(into, SpeakerEntry)
    room.overrides.merge(ANYONE, merged.speaker.id, into.speaker.id)
    found = room.quotes_by(ANYONE, "Ada Lund")
    assert isinstance(found, QuotationsFound)
    assert (len(found.quotations), [cited.words for cited in found.disputed]) == (2, ["the pier is for sale."])


def test_a_turn_of_a_transcript_stands_before_the_words_quoted_in_it(archive: Archive, room: Newsroom) -> None:
    text = "It was he who told us “go home.” and we went."
    turn = dataclasses.replace(
        quotation(text, "It", MAYOR), content=Span(0, len(text)), context=Span(0, len(text)), kind=QuotationKind.TURN
    )
    inner = quotation(text, "go home.", MAYOR)
    other = dataclasses.replace(quotation(text, "It was", MAYOR), kind=QuotationKind.MIXED)
    add(archive, "In full", text, inner, other, turn)
    found = room.quotes_by(ANYONE, "Ada Okafor")
    assert isinstance(found, QuotationsFound)
    assert [cited.words for cited in found.quotations] == [text, "It was", "go home."]
    assert found.quotations[0].quotation.kind is QuotationKind.TURN
    assert room.check().problems == ()
