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
    "I said on the call “the dam will hold for nine years” and I say it again.",
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
    "You wrote in your brief that “the dam will hold for nine years.” Will it?",
]


def inner(words: str, parse: Parse | None) -> FoundQuotation:
    text = f"{_BEFORE}{words}{_AFTER}"
    (found,) = (one for one in find_quotations(text, parse) if one.kind is not QuotationKind.TURN)
    return found


def said(text: str, parse: Parse | None) -> list[tuple[str, list[str]]]:
    return [(one.content.of(text), names(one)) for one in find_quotations(text, parse)]


def names(found: FoundQuotation) -> list[str]:
    return [speaker.name for speaker in found.speakers if speaker.named]


@pytest.mark.parametrize("words", BY_SPEAKER)
def test_first_person_words_are_part_of_the_turn_alone(words: str) -> None:
    assert (words, ["Tolland"]) in said(f"{_BEFORE}{words}{_AFTER}", None)
    assert not any(said.startswith("the dam") for said, _ in said(f"{_BEFORE}{words}{_AFTER}", None))


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


@pytest.mark.parametrize("words", [*(words for words, _ in [*BY_OTHERS, *BY_UNNAMED]), *BY_NOBODY])
def test_a_parse_does_not_make_the_label_the_speaker(words: str, parser: SpacyParser) -> None:
    text = f"{_BEFORE}{words}{_AFTER}"
    assert set(names(inner(words, parser.parse(text)))) <= ({"Lena Ortiz"} if "Ortiz" in words else set())


@pytest.mark.parametrize("words", BY_SPEAKER)
def test_a_parse_leaves_first_person_words_in_the_turn(words: str, parser: SpacyParser) -> None:
    text = f"{_BEFORE}{words}{_AFTER}"
    assert (words, ["Tolland"]) in said(text, parser.parse(text))


AROUND_OTHERS = [
    ("I have a note. Ortiz said, “The dam will hold for nine years.” I do doubt it.", 2),
    ("yeah, ortiz said “the dam will hold for nine years” and then showed a map", 1),
    ("He told us that “the dam will hold for nine years.” Nobody I know believes it", 2),
    ("I doubt it. My aunt says, “The dam will hold for nine years.”", 1),
    ("The sign says “the dam will hold for nine years” (it was painted in May).", 1),
    ("They paint “the dam will hold for nine years” on walls and “the dam will hold for ten” on doors.", 1),
    ("“The dam will hold for nine years,” she said. $40 a year is what it costs us, and I pay it.", 1),
]
"""Turns that quote others, and how many pieces of them are the speaker's own."""


@pytest.mark.parametrize(("words", "pieces"), AROUND_OTHERS)
@pytest.mark.parametrize("parsed", [False, True])
def test_a_turn_around_the_words_of_others_keeps_its_paragraph(
    words: str, pieces: int, parser: SpacyParser, *, parsed: bool
) -> None:
    text = f"{_BEFORE}{words}{_AFTER}"
    found = [one for one in find_quotations(text, parser.parse(text) if parsed else None) if "Tolland" in names(one)]
    assert [one.sentence.of(text) for one in found] == [words] * pieces
    assert not any("the dam" in one.content.of(text).casefold() for one in found)
    assert len({one.attribution for one in found}) == 1


def test_nothing_is_left_of_a_turn_that_only_quotes_others() -> None:
    text = f"{_BEFORE}“The dam will hold for nine years,” said Lena Ortiz.{_AFTER}"
    assert not any("Tolland" in names for _, names in said(text, None))


def test_a_speakers_own_scare_quotes_do_not_cut_a_turn() -> None:
    text = f"{_BEFORE}We call it “the wall” here.{_AFTER}"
    assert "We call it “the wall” here." in [words for words, _ in said(text, None)]
