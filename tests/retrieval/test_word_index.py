"""The index of a text: its sentences, and the sentences of each word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.questions.abbreviations import find_abbreviations, with_abbreviations
from retrieval.text.questions.word_index import bit_positions, index_words, with_neighbours
from retrieval.text.sentences import sentences
from retrieval.text.words import analyse

TEXTS = st.lists(
    st.sampled_from(["The U.N. voted. ", "United Nations", " met. ", "Nations unite! ", "Roe left.\n\n", "300. "]),
    min_size=1,
    max_size=12,
).map("".join)


def words_of(text: str) -> list[frozenset[str]]:
    """The plain way to say it: the different words of each sentence."""
    return [frozenset(analyse(span.of(text))) for span in sentences(text)]


@given(st.one_of(TEXTS, st.text(max_size=80)))
def test_every_word_has_its_sentences(text: str) -> None:
    found, plain = index_words(text), words_of(text)
    assert list(found.spans) == sentences(text)
    assert list(found.counts) == [len(words) for words in plain]
    assert [{word for word, places in found.masks.items() if places >> n & 1} for n in range(len(plain))] == plain


@given(TEXTS, st.sampled_from(["why did the UN vote", "united nations vote", "UN EU", "bridge"]))
def test_abbreviations_count_as_if_spelled_out(text: str, question: str) -> None:
    forms = find_abbreviations(frozenset(analyse(question)))
    found, plain = (
        index_words(text).with_abbreviations(forms),
        [with_abbreviations(words, forms) for words in words_of(text)],
    )
    assert list(found.counts) == [len(words) for words in plain]
    assert [{word for word, places in found.masks.items() if places >> n & 1} for n in range(len(plain))] == plain


def test_a_text_that_differs_in_a_character_has_its_own_index() -> None:
    assert "rain" in index_words("It rained.").masks
    assert "rain" not in index_words("It trained.").masks


@given(st.sets(st.integers(0, 70)))
def test_a_mask_is_a_set_of_sentences(places: set[int]) -> None:
    number = sum(1 << place for place in places)
    assert list(bit_positions(number)) == sorted(places)
    beside = {place + step for place in places for step in (-1, 0, 1)} - {-1}
    assert list(bit_positions(with_neighbours(number))) == sorted(beside)
