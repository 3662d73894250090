"""The analyser: what counts as the same word, and that full-text search takes its words as they are."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.words import analyse, piece_starts, words_by_piece


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cancelled", "canceled"),
        ("hostages", "HOSTAGE"),
        ("Netanyahu\u2019s", "Netanyahu"),
        ("the countries\u2019 vote", "country votes"),
        ("café", "cafe"),
        ("Søren", "Soren"),
        ("the U.S.", "US"),
        ("U.S.A.", "USA"),
        ("U.N.", "UN"),
        ("1,500 people", "1500 people"),
        ("can\u2019t", "can't"),
    ],
)
def test_two_spellings_are_one_word(one: str, other: str) -> None:
    assert analyse(one) == analyse(other)


def test_the_pronoun_us_is_not_the_country() -> None:
    assert analyse("tell us") != analyse("tell US")


def test_a_hyphened_compound_is_found_by_its_parts_and_as_one_word() -> None:
    assert set(analyse("ceasefire")) < set(analyse("cease-fire"))
    assert set(analyse("fire")) < set(analyse("cease-fire"))


def test_function_words_are_left_out_and_repeats_are_kept() -> None:
    assert analyse("Who is the man that the man was with?") == ["man", "man"]


def test_words_are_told_by_where_they_stand() -> None:
    text = "The cease-fire\nheld, they said."
    assert list(zip(piece_starts(text), words_by_piece(text), strict=True)) == [
        (0, ()),
        (4, ("ceas", "fire", "ceasefir")),
        (15, ("held",)),
        (21, ()),
        (26, ("said",)),
    ]


@given(st.lists(st.one_of(st.text(max_size=12), st.just("U.S."), st.just("x" * 100)), max_size=9).map(" ".join))
def test_placed_or_not_the_words_are_the_same(text: str) -> None:
    placed = zip(piece_starts(text), words_by_piece(text), strict=True)
    assert [word for _, words in placed for word in words] == analyse(text)


def test_numbers_are_words() -> None:
    assert analyse("3.5 percent of $3.3B") == ["3", "5", "percent", "3", "3b"]


@given(st.text())
def test_every_word_is_lower_case_ascii_letters_and_digits(text: str) -> None:
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in analyse(text))


@given(st.text(max_size=80))
def test_full_text_search_takes_the_words_as_they_are(text: str) -> None:
    words = analyse(text)
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(words, tokenize = 'unicode61')")
    connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab(texts, 'instance')")
    connection.execute("INSERT INTO texts VALUES (?)", (" ".join(words),))
    stored = connection.execute("SELECT term FROM terms ORDER BY offset").fetchall()
    connection.close()
    assert [term for (term,) in stored] == words


@given(st.text())
def test_the_same_text_gives_the_same_words(text: str) -> None:
    assert analyse(text) == analyse(text)
