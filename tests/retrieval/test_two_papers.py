"""The text of an agency that a second paper prints is a second article; its words are shown once, with both papers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrieval.domain.answers import Answer
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.overrides import SplitKind
from retrieval.domain.quotations import QuotationsFound, SpeakerEntry
from retrieval.domain.scope import Filters, Scope
from tests.support.articles import BRIDGE
from tests.support.newsrooms import newsroom_in
from tests.support.prepared import day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.domain.articles import AddedArticle, Draft
    from retrieval.newsroom import Newsroom

ANYONE, HERE, THERE = Scope(), Scope(CollectionId(11)), Scope(CollectionId(22))
GAZETTE = replace(
    BRIDGE,
    title="Cracks close the bridge of Port Selby",
    publisher="The Harbour Gazette",
    url="https://gazette.example/cracks",
    published_at=day(50),
)
QUESTION = "why was the harbour bridge closed"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as opened:
        yield opened


def add(room: Newsroom, draft: Draft, scope: Scope = ANYONE) -> AddedArticle:
    return room.importer.add(draft, scope.server or SHARED)


def papers(room: Newsroom, scope: Scope = ANYONE) -> set[str | None]:
    return {entry.source.publisher for entry in room.articles.entries(scope)}


def of_paper(scope: Scope, name: str) -> Scope:
    return replace(scope, filters=Filters(publisher=name))


def said(room: Newsroom, scope: Scope = ANYONE) -> list[tuple[str, str | None, list[str | None]]]:
    """Each quotation of the mayor with its paper and the others."""
    found = room.quotes_by(scope, "Okafor")
    if not isinstance(found, QuotationsFound):
        return []
    return [(c.words, c.source.publisher, [also.publisher for also in c.also]) for c in found.quotations]


def test_both_papers_are_kept_and_each_is_found_by_its_name(room: Newsroom) -> None:
    first, second = add(room, BRIDGE), add(room, GAZETTE)
    assert (first.known, second.known) == (False, False)
    assert [source.publisher for source in second.also] == ["The Selby Courier"]
    assert papers(room) == {"The Selby Courier", "The Harbour Gazette"}
    for name in ("Courier", "Gazette"):
        answer = room.ask(of_paper(ANYONE, name), QUESTION)
        assert isinstance(answer, Answer)
        assert {name in (citation.source.publisher or "") for citation in answer.citations} == {True}
        assert answer.citations[0].also == ()
        assert [(name in (paper or ""), also) for _, paper, also in said(room, of_paper(ANYONE, name))] == [
            (True, [])
        ] * 2
        assert room.articles.page(of_paper(ANYONE, name)).total == 1
    shown = room.articles.show(ANYONE, first.article.id)
    assert [source.publisher for source in shown.also] == ["The Harbour Gazette"]


def test_their_words_are_shown_once_with_both_papers(room: Newsroom) -> None:
    for draft in (BRIDGE, GAZETTE):
        add(room, draft)
    answer = room.ask(ANYONE, QUESTION)
    assert isinstance(answer, Answer)
    first = answer.citations[0]
    assert {first.source.publisher, *(also.publisher for also in first.also)} == papers(room)
    assert [(paper, also) for _, paper, also in said(room)] == [("The Harbour Gazette", ["The Selby Courier"])] * 2
    assert len({words for words, _, _ in said(room)}) == 2
    entry = room.speakers.named(ANYONE, "Ada Okafor")
    assert isinstance(entry, SpeakerEntry)
    assert entry.quotations == 2, "a quotation counts once, however many papers print it"


@pytest.mark.parametrize("gone", [0, 1])
def test_either_may_go_and_the_other_stays(room: Newsroom, gone: int) -> None:
    added = [add(room, draft) for draft in (BRIDGE, GAZETTE)]
    if gone:
        room.importer.undo(ANYONE, added[gone].article.id)
    else:
        room.articles.remove(ANYONE, added[gone].article.id)
    left = (BRIDGE, GAZETTE)[1 - gone].publisher
    assert papers(room) == {left}
    assert [(paper, also) for _, paper, also in said(room)] == [(left, [])] * 2
    assert isinstance(room.ask(ANYONE, QUESTION), Answer)
    assert room.check().problems == ()
    assert not add(room, (BRIDGE, GAZETTE)[gone]).known
    assert len(papers(room)) == 2


def test_what_only_one_server_added_is_shown_to_no_other(room: Newsroom) -> None:
    add(room, BRIDGE)
    add(room, GAZETTE, HERE)
    assert papers(room, HERE) == {"The Selby Courier", "The Harbour Gazette"}
    for scope in (ANYONE, THERE):
        assert papers(room, scope) == {"The Selby Courier"}
        assert said(room, of_paper(scope, "Gazette")) == []
        assert [also for _, _, also in said(room, scope)] == [[], []]
        answer = room.ask(scope, QUESTION)
        assert isinstance(answer, Answer)
        assert answer.citations[0].also == ()
    [shared] = room.articles.entries(ANYONE)
    assert room.articles.show(ANYONE, shared.id).also == ()
    assert add(room, GAZETTE, THERE).also == add(room, GAZETTE, HERE).also


@pytest.mark.parametrize(
    "again",
    [
        replace(BRIDGE, title="Another headline"),
        replace(BRIDGE, url=None, publisher=None),
        replace(BRIDGE, url="https://www.courier.example/other-link", publisher="Courier online"),
        replace(BRIDGE, url="https://gazette.example/cracks", publisher="the selby courier"),
    ],
)
def test_the_same_paper_is_not_kept_twice(room: Newsroom, again: Draft) -> None:
    add(room, BRIDGE)
    assert add(room, again).known
    add(room, GAZETTE)
    assert add(room, GAZETTE).known
    assert add(room, BRIDGE).known
    assert len(room.articles.entries(ANYONE)) == 2


def test_a_fetched_page_takes_no_other_papers_pasted_text_away(room: Newsroom) -> None:
    add(room, BRIDGE)
    add(room, replace(GAZETTE, fetched_at=day(51)))
    assert papers(room) == {"The Selby Courier", "The Harbour Gazette"}
    add(room, replace(BRIDGE, title="As the page has it", fetched_at=day(51)))  # it confirms its own
    assert {entry.source.title for entry in room.articles.entries(ANYONE)} == {GAZETTE.title, "As the page has it"}


def test_who_is_set_apart_in_one_paper_is_so_in_the_other(room: Newsroom) -> None:
    text = BRIDGE.text.replace("ever in danger", "harmed at the pier").replace("for luck to run out", "for a storm")
    other = replace(BRIDGE, text=text, url="https://courier.example/pier")
    for draft in (BRIDGE, GAZETTE, other):
        add(room, draft)
    mayor = room.speakers.named(ANYONE, "Ada Okafor")
    assert isinstance(mayor, SpeakerEntry)
    assert mayor.quotations == 4
    parts = room.speakers.shown(ANYONE, mayor.speaker.id).split_candidates
    part = next(part for part in parts if part.kind is SplitKind.ARTICLE and part.label == GAZETTE.title)
    assert part.quotations == 2
    room.overrides.split(ANYONE, mayor.speaker.id, part.kind, part.number)
    entries = [entry for entry in room.speakers.directory(ANYONE).entries if entry.speaker.name == "Ada Okafor"]
    assert [entry.quotations for entry in entries] == [2, 2]


HEADED = [
    replace(
        BRIDGE, text=f"{title}\n\n{BRIDGE.text}{end}", title=None, publisher=None, url=f"https://{site}.example/bridge"
    )
    for title, end, site in (
        ("Cracks close harbour bridge in Port Selby", "", "one"),
        ("Port Selby: the bridge that nobody may cross any more", "\n\nReported by an agency.", "two"),
    )
]
"""One text of an agency under two headlines that stand in it."""


def test_words_in_one_sentence_are_shown_and_counted_once_though_headlines_stand_in_the_texts(room: Newsroom) -> None:
    for draft in HEADED:
        add(room, draft)
    assert [len(also) for _, _, also in said(room)] == [1, 1]
    entry = room.speakers.named(ANYONE, "Ada Okafor")
    assert isinstance(entry, SpeakerEntry)
    assert entry.quotations == 2


def test_the_same_words_in_another_sentence_are_another_quotation(room: Newsroom) -> None:
    add(room, BRIDGE)
    add(room, replace(GAZETTE, text=BRIDGE.text.replace("mayor of Port Selby", "mayor of Port Selby, on Sunday")))
    assert [words for words, _, also in said(room) if not also] == ["Nobody was ever in danger,"] * 2


def test_a_short_sentence_that_is_said_on_two_days_is_cited_twice(room: Newsroom) -> None:
    short = BRIDGE.text.replace("“Nobody was ever in danger,” said Ada Okafor, the mayor of Port Selby. ", "")
    for site, text in (("one", short), ("two", short.replace("bridge", "pier"))):
        said_no = "Ada Okafor is the mayor of Port Selby.\n\n“No,” said Ada Okafor.\n\n"
        add(room, replace(BRIDGE, text=said_no + text, url=f"https://{site}.example/no"))
    assert [also for words, _, also in said(room) if words == "No,"] == [[], []]


def test_what_an_article_prints_twice_is_shown_and_counted_twice(room: Newsroom) -> None:
    add(room, replace(BRIDGE, text=f"{BRIDGE.text}\n\nThe bridge is old.\n\n{BRIDGE.text}"))
    add(room, GAZETTE)
    entry = room.speakers.named(ANYONE, "Ada Okafor")
    assert isinstance(entry, SpeakerEntry)
    assert entry.quotations == len(said(room)) == 4
    assert sum(len(also) for _, _, also in said(room)) == 2
