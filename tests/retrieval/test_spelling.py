"""A word of a question that neither archive nor model knows is read as the word that was probably meant."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from retrieval.domain.articles import Draft
from retrieval.domain.embeddings import QueryEmbedding
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Filters, Scope
from retrieval.text.questions import spelling
from retrieval.text.slips import near_words
from retrieval.text.words import stem, word_list
from tests.support.fakes import HashingEmbedder
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom

ONE, OTHER = CollectionId(11), CollectionId(22)
FERRY = Draft(
    text=(
        "Ferry company cancels winter timetable\n\n"
        "Ingrid Halvorsen, the minister of transport, announced that the ferry to Tennholm will not sail in January. "
        "The announcement surprised the harbour council, which had voted for a reduced timetable.\n\n"
        "“Nobody asked the islanders,” said Marek Dvorak, a fisherman from Tennholm. "
        "The election of the council is in March. The population of Tennholm has halved since 1990.\n"
    ),
    title="Ferry company cancels winter timetable",
)
CHOIR = Draft(
    text=(
        "Choir of Lindqvist school sings in Vienna\n\n"
        "The choir won the competition with a song by Clara Lundgren. The mayor thanked the singers, and a fan threw "
        "roses. The government will pay for the journey of the choir, the minister of culture said.\n"
    ),
    title="Choir of Lindqvist school sings in Vienna",
)
SECRET = Draft(
    text="Zabrinsky resigns\n\nThe treasurer Tadeusz Zabrinsky resigned on Monday after the audit of the club.\n",
    title="Zabrinsky resigns",
)
KNOWN_WHOLE = word_list("who what which why when is was did does the of to in a said say about will car cost form")


class PiecesEmbedder(HashingEmbedder):
    """Knows some words whole, and cuts every other one in two tokens."""

    @override
    def embed_query(self, text: str) -> QueryEmbedding:
        found = super().embed_query(text)
        rows, places = list[int](), list[tuple[int, int]]()
        for row, (start, end) in enumerate(found.token_places):
            whole = end - start < 2 or text[start:end].casefold() in KNOWN_WHOLE
            middle = end if whole else (start + end) // 2
            for place in ((start, end),) if whole else ((start, middle), (middle, end)):
                rows.append(row)
                places.append(place)
        at = np.array(rows, dtype=np.int64)
        return QueryEmbedding(found.vector, found.token_vectors[at], found.token_ids[at], tuple(places))


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path_factory.mktemp("spelling"), PiecesEmbedder()) as newsroom:
        newsroom.importer.add(FERRY, SHARED)
        newsroom.importer.add(CHOIR, SHARED)
        newsroom.importer.add(SECRET, collection=OTHER)
        yield newsroom


@pytest.mark.parametrize(
    ("question", "read_as"),
    [
        ("What did Ingrid Halvosren announce?", ("Ingrid Halvorsen",)),
        ("What did Ingrid Hallvorsen announce?", ("Ingrid Halvorsen",)),
        ("What did Ingrid Halvrsen announce?", ("Ingrid Halvorsen",)),
        ("What did the minister alvorsen announce?", ("Halvorsen",)),
        ("What did Ingird Halvrsen announce?", ("Ingrid Halvorsen",)),
        ("what did ingrid halvrsen announce?", ("Halvorsen",)),
        ("WHAT DID INGRID HALVRSEN ANNOUNCE?", ("Halvorsen",)),
        ("What is Halvrsen's plan for the ferry?", ("Halvorsen",)),
        ("Who is Marek Dvrak?", ("Marek Dvorak",)),
        ("when is the electoin of the council?", ("election",)),
        ("what is the populaton of Tennhlom?", ("population", "Tennholm")),
        ("waht did the minister say?", ("what",)),
        ("Why did the ferry-company cancel the timtable?", ("timetable",)),
        ("Who sings a song by Clara Lungdren?", ("Clara Lundgren",)),
    ],
)
def test_a_slip_is_read_as_the_word_of_the_archive(room: Newsroom, question: str, read_as: tuple[str, ...]) -> None:
    result = room.ask(Scope(), question)
    assert result.question == question
    assert tuple(map(str.casefold, result.read_as)) == tuple(map(str.casefold, read_as))


def test_a_misspelt_topic_is_read_as_the_archive_spells_it(room: Newsroom) -> None:
    latest, quoted = room.latest(Scope(), "winter timtable"), room.quoted_about(Scope(), "winter timtable")
    assert latest.read_as == quoted.read_as == ("timetable",)


@pytest.mark.parametrize(
    "question",
    [
        "What did Ingrid Halvorsen announce?",
        "what did ingrid halvorsen announce?",
        "Why was the announcement a surprise?",  # inflections of what the archive has
        "When will the form of the car cost?",  # words that the model knows whole
        "Who is Kowalczyk?",  # like nothing in the archive
        "Who is Fann?",  # like "fan" only, which is no name
        "What is the NOAA?",  # an acronym
        "What is B2B or 4chann?",
        "ab xy qq",
        "¿Что это?",
        "Who is Halvorsenssen?",  # more than one slip away
    ],
)
def test_everything_else_stays_as_it_was_typed(room: Newsroom, question: str) -> None:
    assert room.ask(Scope(), question).read_as == ()


def test_a_question_with_a_slip_is_answered_as_without(room: Newsroom) -> None:
    meant, typed = (room.ask(Scope(), f"What did Ingrid {name} announce?") for name in ("Halvorsen", "Halvosren"))
    assert replace(typed, question=meant.question, read_as=()) == meant


def test_a_word_of_another_servers_own_article_is_never_meant(room: Newsroom) -> None:
    assert room.ask(Scope(OTHER), "Who is Zabrinksy?").read_as == ("Zabrinsky",)
    assert room.ask(Scope(ONE), "Who is Zabrinksy?").read_as == ()
    assert room.ask(Scope(), "Who is Zabrinksy?").read_as == ()


def test_a_word_that_only_others_know_may_be_misspelt(tmp_path: Path) -> None:
    with newsroom_in(tmp_path, PiecesEmbedder()) as newsroom:
        newsroom.importer.add(FERRY, SHARED)
        newsroom.importer.add(
            Draft("Halversen wins\n\nThe runner Halvrsen won the race on Monday.\n"), collection=OTHER
        )
        assert newsroom.ask(Scope(ONE), "Who is Ingrid Halvrsen?").read_as == ("Ingrid Halvorsen",)
        assert newsroom.ask(Scope(OTHER), "Who is Ingrid Halvrsen?").read_as == ()


def test_filters_leave_the_words_of_other_articles_known(room: Newsroom) -> None:
    narrowed = Scope(filters=Filters(publisher="Nobody"))
    vocabulary = room._archive.vocabulary
    assert vocabulary.known(narrowed, ["ferri", "zabrinski"]) == {"ferri"}


def test_neighbours_in_the_question_decide_between_two_names(tmp_path: Path) -> None:
    with newsroom_in(tmp_path, PiecesEmbedder()) as newsroom:
        newsroom.importer.add(Draft("One\n\nThe pilot Anna Carlson landed in Oslo.\n"), SHARED)
        newsroom.importer.add(Draft("Two\n\nThe baker Emil Carlton sold bread. Emil Carlton likes rye.\n"), SHARED)
        assert newsroom.ask(Scope(), "Where did Anna Carlon land?").read_as == ("Anna Carlson",)
        assert newsroom.ask(Scope(), "What does Emil Carlon like?").read_as == ("Emil Carlton",)


def test_two_slips_in_a_long_name_that_is_often_printed(tmp_path: Path) -> None:
    with newsroom_in(tmp_path, PiecesEmbedder()) as newsroom:
        for day in range(8):
            newsroom.importer.add(
                Draft(f"Plan {day}\n\nThe minister Ingrid Halvorsen spoke of plan {day} in Tennholm.\n"), SHARED
            )
        newsroom.importer.add(Draft("Audit\n\nThe minister Ingrid spoke to the auditor Zabrinsky.\n"), collection=OTHER)
        alike = " ".join(f"Halvr{letters}en" for letters in ("on", "osn", "osnn", "osenn", "osse", "senn"))
        newsroom.importer.add(Draft(f"Names\n\nThey may be called {alike}, who knows.\n"), collection=OTHER)
        assert newsroom.ask(Scope(), "What did minister Ingrid Halvrosenn say?").read_as == ("Ingrid Halvorsen",)
        assert newsroom.ask(Scope(), "What did minister Ingrid Halverssen say?").read_as == ("Ingrid Halvorsen",)
        assert newsroom.ask(Scope(), "What did minister Ingrid Halvxrzeenn say?").read_as == ()  # four
        assert newsroom.ask(Scope(), "What did minister Halvrosenn say in 1990?").read_as == ("Halvorsen",)
        assert newsroom.ask(Scope(), "Who is Halvrosenn?").read_as == ()  # nothing beside it
        assert newsroom.ask(Scope(), "What did Zabrniskyy say?").read_as == ()


@pytest.mark.parametrize(
    ("typed", "is_name", "printed", "times", "meant"),
    [
        ("Dvorok", True, "Dvorak", 1, None),  # another letter: once is too little
        ("Dvorok", True, "Dvorak", 40, "Dvorak"),
        ("Dvorik", True, "dvorak", 40, None),  # a name is read as a name
        ("Dvroak", True, "dvorak", 40, "dvorak"),  # but for a mere slip
        ("dvorik", False, "dvorak", 40, None),  # a short word too
        ("dvorik", False, "Dvorak", 40, "Dvorak"),
        ("polulation", False, "population", 40, "population"),
        ("Ivn", True, "Ivan", 40, "Ivan"),
        ("ivn", False, "ivan", 40, None),
        ("teh", False, "tech", 0, "the"),
    ],
)
def test_slips_weigh_differently(typed: str, is_name: bool, printed: str, times: int, meant: str | None) -> None:  # noqa: FBT001
    use = spelling.WordUse(stem(printed.lower()), times, times, (f"It was {printed} who came.",))
    word = spelling.TypedWord(typed, 0, is_name)
    assert spelling.likeliest(word, near_words(typed.lower()), [use] if times else []) == meant


def test_a_damaged_full_text_index_leaves_questions_as_they_are(tmp_path: Path) -> None:
    with newsroom_in(tmp_path, PiecesEmbedder()) as newsroom:
        newsroom.importer.add(FERRY, SHARED)
        with newsroom._archive._connections.writing() as connection:
            connection.exec_driver_sql("UPDATE passage_words_data SET block = x'00' WHERE id > 10")
    with newsroom_in(tmp_path, PiecesEmbedder()) as newsroom:
        assert newsroom.ask(Scope(), "What did Ingrid Halvosren announce?").read_as == ()


@given(st.text(max_size=60))
def test_no_question_is_too_odd_to_be_read(question: str) -> None:
    embedding = PiecesEmbedder().embed_query(question)
    words = spelling.doubtful_words(question, embedding)
    assert all(question[word.start : word.end] == word.text for word in words)
    read, _ = spelling.reread(question, [(word, word.text) for word in words])
    assert len(read) == len(question)


@given(st.from_regex(re.compile(r"[a-z]{3,12}"), fullmatch=True), st.data())
def test_every_slip_is_one_slip_away(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    swapped = word[:place] + word[place + 1 : place + 2] + word[place] + word[place + 2 :]
    for typed in (
        swapped,
        word[:place] + word[place:],
        word[:place] + word[place + 1 :],
        word[: place + 1] + word[place:],
    ):
        assert typed == word or word in near_words(typed)


def test_very_long_words_are_not_misspelt() -> None:
    assert near_words("a" * 1000) == {}
