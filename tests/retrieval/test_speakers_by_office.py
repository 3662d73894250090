"""A speaker is found by an office or an organisation in a role; who is not named, by the words of the mention."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.records import NewSpeaker
from retrieval.domain.articles import Span
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.quotations import Attribution, SpeakerAmbiguous, SpeakerEntry, SpeakerUnknown
from retrieval.domain.scope import Scope
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, day, new_article, quotation

if TYPE_CHECKING:
    from retrieval.archive.archive import Archive

ANYONE, HERE, THERE = Scope(), Scope(CollectionId(11)), Scope(CollectionId(22))
PEOPLE = (
    (1, NewSpeaker("Piet Haan", "finance minister")),
    (2, NewSpeaker("Mara Velt", "Finance Minister")),
    (400, NewSpeaker("Piet Haan", "prime minister")),
    (3, NewSpeaker("Rosa Klein", "Port Selby fire chief")),
    (4, NewSpeaker("Uwe Sand", "spokesman for Lumen Ferries")),
    (5, NewSpeaker("Fire Marshall", "singer")),
)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    for number, speaker in PEOPLE:
        text = f"Somebody said “words of {number}.” and left"
        article = new_article(f"News {number}", text, published_at=day(number))
        said = (quotation(text, f"words of {number}.", speaker),)
        archive.articles.add(
            dataclasses.replace(article, quotations=said), HashingEmbedder().spec, collection=SHARED, now=NOON
        )
    return archive


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("fire chief", "Rosa Klein"),
        ("Fire Chief of Port Selby", "Rosa Klein"),
        ("prime minister", "Piet Haan"),
        ("spokeswoman for Lumen Ferries", "Uwe Sand"),
        ("Lumen Ferries spokesperson", "Uwe Sand"),
    ],
)
def test_who_alone_holds_an_office_is_found_by_it(filled: Archive, typed: str, name: str) -> None:
    found = filled.speakers.named(ANYONE, typed)
    assert isinstance(found, SpeakerEntry)
    assert found.speaker.name == name


def test_who_holds_an_office_is_meant_and_not_who_held_it(filled: Archive) -> None:
    found = filled.speakers.named(ANYONE, "finance minister")
    assert isinstance(found, SpeakerEntry)
    assert found.speaker.name == "Mara Velt"


OFFICES = (
    (1, NewSpeaker("Ida Brook", "finance minister")),
    (2, NewSpeaker("Ida Brook", "governor of the Bank of Vale")),
    (3, NewSpeaker("Mara Velt", "Minister of Finance")),
    (4, NewSpeaker("Jon Ark", "deputy finance minister")),
    (5, NewSpeaker("Lise Tarn", "former finance minister")),
    (6, NewSpeaker("Per Holm", "spokesman for the finance minister")),
    (7, NewSpeaker("Ulla Berg", "shadow finance minister")),
    (8, NewSpeaker("Rolf Stein", "Senator from Vale")),
    (9, NewSpeaker("Gil Moor", "mayor’s press officer")),
    (10, NewSpeaker("Fay Moss", "Mayor of Tarn")),
    (11, NewSpeaker("Otto Lind", "vice president of Velmora")),
    (12, NewSpeaker("Nils Krag", "former mayor of Vale")),
)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("finance minister", ["Mara Velt"]),
        ("FINANCE MINISTER", ["Mara Velt"]),
        ("minister of finance", ["Mara Velt"]),
        ("Minister for Finance", ["Mara Velt"]),
        ("the finance minister", ["Mara Velt"]),
        ("finance min", ["Mara Velt", "Per Holm"]),
        ("deputy finance minister", ["Jon Ark"]),
        ("finance minister deputy", ["Jon Ark"]),
        ("shadow finance minister", ["Ulla Berg"]),
        ("former finance minister", ["Lise Tarn", "Ida Brook"]),
        ("ex finance minister", ["Ida Brook"]),
        ("spokesman for the finance minister", ["Per Holm"]),
        ("finance minister spokeswoman", ["Per Holm"]),
        ("mayor", ["Fay Moss"]),
        ("mayor of Tarn", ["Fay Moss"]),
        ("former mayor", ["Nils Krag"]),
        ("mayor of Vale", []),
        ("president", []),
        ("vice president", ["Otto Lind"]),
        ("Sen. from Vale", ["Rolf Stein"]),
        ("senator vale", ["Rolf Stein"]),
        ("governor", ["Ida Brook"]),
        ("press officer", ["Gil Moor"]),
    ],
)
def test_deputies_and_former_holders_are_found_where_they_are_asked_for(
    archive: Archive, typed: str, names: list[str]
) -> None:
    for number, speaker in OFFICES:
        text = f"Somebody said “words of {number}.” and left"
        article = new_article(f"News {number}", text, published_at=day(number))
        said = (quotation(text, f"words of {number}.", speaker),)
        archive.articles.add(
            dataclasses.replace(article, quotations=said), HashingEmbedder().spec, collection=SHARED, now=NOON
        )
    assert sorted(entry.speaker.name for entry in archive.speakers.like(ANYONE, typed)) == sorted(names)


def test_an_organisation_offers_who_speaks_for_it_and_takes_nobody_for_it(filled: Archive) -> None:
    found = filled.speakers.named(ANYONE, "Lumen")
    assert isinstance(found, SpeakerAmbiguous)
    assert [entry.speaker.name for entry in found.choices] == ["Uwe Sand"]


def test_a_half_typed_office_is_completed_after_names(filled: Archive) -> None:
    assert [entry.speaker.name for entry in filled.speakers.like(ANYONE, "fire")] == ["Fire Marshall", "Rosa Klein"]
    assert [entry.speaker.name for entry in filled.speakers.like(ANYONE, "fire ch")] == ["Rosa Klein"]
    assert filled.speakers.like(ANYONE, "of the") == ()


def test_an_office_in_another_servers_articles_finds_nobody(archive: Archive) -> None:
    text = "Somebody said “yes.” and left"
    said = (quotation(text, "yes.", NewSpeaker("Rosa Klein", "fire chief")),)
    article = dataclasses.replace(new_article("News", text), quotations=said)
    archive.articles.add(article, HashingEmbedder().spec, collection=CollectionId(11), now=NOON)
    assert isinstance(archive.speakers.named(HERE, "fire chief"), SpeakerEntry)
    assert isinstance(archive.speakers.named(THERE, "fire chief"), SpeakerUnknown)


def test_sources_that_are_not_named_are_found_by_their_mention(archive: Archive) -> None:
    for collection, official in ((SHARED, "A U.S. official"), (CollectionId(11), "a second U.S. Official")):
        text = f"{official} said “no comment.” and left. Ann Lee said “hm.” too"
        said = dataclasses.replace(
            quotation(text, "no comment."), mention=Span(0, len(official)), attribution=Attribution.ROLE
        )
        article = new_article(f"By {official}", text, publisher="The Wire")
        quoted = (said, quotation(text, "hm.", NewSpeaker("Ann Lee")))
        article = dataclasses.replace(article, quotations=quoted)
        archive.articles.add(article, HashingEmbedder().spec, collection=collection, now=NOON)
    found = archive.speakers.unnamed(HERE, "u.s. official")
    assert [(cited.said_by, cited.quotation.speakers, cited.source.publisher) for cited in found] == [
        ("a second U.S. Official", (), "The Wire"),
        ("A U.S. official", (), "The Wire"),
    ]
    assert [cited.said_by for cited in archive.speakers.unnamed(THERE, "official")] == ["A U.S. official"]
    assert archive.speakers.unnamed(HERE, "Ann Lee") == ()
    assert archive.speakers.unnamed(HERE, "") == ()
