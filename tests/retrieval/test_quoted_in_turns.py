"""Whom the words are that a speaker of a transcript quotes."""

import pytest

from retrieval.adapters.spacy_parser import SpacyParser
from retrieval.domain.quotations import QuotationKind
from retrieval.text.parse import Parse
from retrieval.text.quotations import FoundQuotation, find_quotations

_BEFORE = "MS. OSEI: Good morning. We begin with the dam.\n\nMR. TOLLAND: "
_AFTER = "\n\nQUESTION: Who pays?\n\nMS. OSEI: We do."

BY_SPEAKER = [
    "I said in Dell: “The dam will hold for nine years.” I stand by that.",
    "I told them, “The dam will hold for nine years,” and I meant it.",
    "As I wrote in May, “The dam will hold for nine years.”",
    "I have always said “the dam will hold for nine years” and we know it.",
]
"""Words that the speaker quotes of himself."""

BY_OTHERS = [
    ("Lena Ortiz said, “The dam will hold for nine years.” I doubt it.", "Lena Ortiz"),
    ("The engineer, Lena Ortiz, wrote to me: “The dam will hold for nine years.”", "Lena Ortiz"),
]

BY_UNNAMED = [
    ("My mother told me, “The dam will hold for nine years,” and we laughed.", "My mother"),
    ("The governor's words this morning were, “The dam will hold for nine years.” I agree.", "The governor"),
]

BY_NOBODY = [
    "You have all seen it. “The dam will hold for nine years.” It is on the wall.",
    "Thank you. “The dam will hold for nine years.”",
    "Somebody painted “the dam will hold for nine years” on our door.",
]


def inner(words: str, parse: Parse | None) -> FoundQuotation:
    text = f"{_BEFORE}{words}{_AFTER}"
    (found,) = (one for one in find_quotations(text, parse) if one.kind is not QuotationKind.TURN)
    return found


def names(found: FoundQuotation) -> list[str]:
    return [speaker.name for speaker in found.speakers if speaker.named]


@pytest.mark.parametrize("words", BY_SPEAKER)
def test_first_person_words_are_the_speakers(words: str) -> None:
    assert names(inner(words, None)) == ["Tolland"]


@pytest.mark.parametrize(("words", "name"), BY_OTHERS)
def test_the_clause_tells_whose_words_are_quoted(words: str, name: str) -> None:
    assert names(inner(words, None)) == [name]


@pytest.mark.parametrize(("words", "mention"), BY_UNNAMED)
def test_an_unnamed_speaker_inside_a_turn_stays_unnamed(words: str, mention: str) -> None:
    found = inner(words, None)
    assert names(found) == []
    assert [speaker.name for speaker in found.speakers] == [mention]


@pytest.mark.parametrize("words", BY_NOBODY)
def test_the_label_is_not_the_speaker_of_quoted_words(words: str) -> None:
    assert names(inner(words, None)) == []


@pytest.mark.parametrize("words", [*BY_SPEAKER, *(words for words, _ in [*BY_OTHERS, *BY_UNNAMED]), *BY_NOBODY])
def test_a_parse_does_not_make_the_label_the_speaker(words: str, parser: SpacyParser) -> None:
    text = f"{_BEFORE}{words}{_AFTER}"
    (found,) = (one for one in find_quotations(text, parser.parse(text)) if one.kind is not QuotationKind.TURN)
    allowed = {"Tolland"} if words in BY_SPEAKER else {"Lena Ortiz"} if "Ortiz" in words else set()
    assert set(names(found)) <= allowed


def test_a_turn_is_cut_around_the_words_of_others() -> None:
    text = f"{_BEFORE}I have a note. Lena Ortiz said, “The dam will hold for nine years.” I doubt it.{_AFTER}"
    said = [one.content.of(text) for one in find_quotations(text) if one.kind is QuotationKind.TURN]
    assert "I have a note." in said
    assert "I doubt it." in said
    assert not any("nine years" in words for words in said)


def test_a_speakers_own_scare_quotes_do_not_cut_a_turn() -> None:
    text = f"{_BEFORE}We call it “the wall” here.{_AFTER}"
    assert "We call it “the wall” here." in [one.content.of(text) for one in find_quotations(text)]
