"""Passages: whole sentences, nothing lost, nothing skipped, nothing too long."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.domain.articles import Span
from retrieval.text.passages import FULL, LONGEST, passages, with_continuation
from retrieval.text.sentences import sentences


def paragraphs_of(body: str) -> list[Span]:
    return [Span(found.start(), found.end()) for found in re.finditer(r"[^\n]+(?:\n[^\n]+)*", body)]


def story(paragraphs: int, words: int) -> str:
    return "\n\n".join(f"Paragraph {n} says " + "word " * words + "here." for n in range(paragraphs))


def test_a_short_article_is_one_passage() -> None:
    body = story(3, 20)
    assert passages(body, paragraphs_of(body)) == [Span(0, len(body))]


def test_a_long_article_is_cut_between_paragraphs_into_passages_of_like_length() -> None:
    body = story(24, 30)
    found = passages(body, paragraphs_of(body))
    assert {span.start for span in found} <= {span.start for span in paragraphs_of(body)}
    assert len(found) == -(-len(body) // FULL)
    assert max(len(span.of(body)) for span in found) < 1.3 * min(len(span.of(body)) for span in found)


def test_a_heading_stays_with_what_stands_below_it() -> None:
    sentence = "The council met and said what it would do about this. "
    above, heading, below = (sentence * 18).strip(), "5. Harbour", (sentence * 19).strip()
    body = f"{above}\n\n{heading}\n\n{below}"
    assert [span.of(body) for span in passages(body, paragraphs_of(body))] == [above, f"{heading}\n\n{below}"]


def test_a_passage_does_not_reach_over_what_was_left_out() -> None:
    body = story(3, 20)
    first, caption, last = paragraphs_of(body)
    found = passages(body, [first, last])
    assert found == [first, last]
    assert not any(span.overlaps(caption) for span in found)


def test_an_endless_sentence_is_cut_at_blanks() -> None:
    body = "word " * 1000 + "end."
    found = passages(body, [Span(0, len(body))])
    assert all(span.end - span.start <= LONGEST for span in found)
    assert "".join(span.of(body) for span in found).replace(" ", "") == body.replace(" ", "")


def test_a_word_without_end_is_cut_all_the_same() -> None:
    body = "x" * (3 * LONGEST)
    assert [span.end - span.start for span in passages(body, [Span(0, len(body))])] == [LONGEST] * 3


def test_no_paragraphs_give_no_passages() -> None:
    assert passages("", []) == []
    assert passages("left out", []) == []


TEXTS = st.lists(
    st.sampled_from(["Mr. Roe said. ", "“No!” she cried. ", "word " * 60, "He left. ", "\n\n", "x" * 1700, "… "]),
    max_size=40,
)


@given(TEXTS.map("".join), st.sets(st.integers(0, 20)))
def test_every_kept_sentence_is_in_exactly_one_passage_and_nothing_else_is(body: str, dropped: set[int]) -> None:
    paragraphs = [span for number, span in enumerate(paragraphs_of(body)) if number not in dropped]
    found = passages(body, paragraphs)
    kept = "".join(span.of(body) for span in paragraphs)
    assert "".join(re.sub(r"\s", "", span.of(body)) for span in found) == re.sub(r"\s", "", kept)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(len(span.of(body)) <= LONGEST for span in found)
    for sentence in (found for paragraph in paragraphs for found in sentences(body, paragraph)):
        if len(sentence.of(body)) <= LONGEST:
            assert any(span.covers(sentence) for span in found)


TWO = "It rained. The dam failed at noon.\n\nWater rose for hours. Nobody died. The rest is known."
FIRST, SECOND = Span(0, 34), Span(36, len(TWO))


@pytest.mark.parametrize(
    ("passage", "marked", "shown"),
    [
        (FIRST, Span(11, 34), TWO),
        (FIRST, Span(0, 10), TWO[:34]),
        (SECOND, Span(36, 57), TWO),
        (SECOND, Span(58, 70), TWO[36:]),
        (SECOND, Span(71, len(TWO)), TWO[36:]),
    ],
)
def test_a_sentence_at_the_edge_of_its_passage_is_shown_with_what_continues_it(
    passage: Span, marked: Span, shown: str
) -> None:
    assert with_continuation(TWO, passage, Span(0, len(TWO)), marked).of(TWO) == shown


def test_the_heading_of_what_comes_next_continues_nothing() -> None:
    body = "It closed.\n\nIt opens in May.\n\n5. Harbour\n\nA ferry sank."
    marked, end = Span(0, 10), body.index("\n\nA ferry")
    assert with_continuation(body, marked, Span(0, end), marked).of(body) == "It closed.\n\nIt opens in May."


def test_what_continues_a_sentence_is_whole_sentences_within_reach() -> None:
    body = f"It rained.\n\nOne. {'so ' * 130}on. {'Then ' * 60}it ended."
    assert with_continuation(body, Span(0, 10), Span(0, len(body)), Span(0, 10)).of(body).endswith(" on.")
    assert with_continuation(body, Span(0, 10), Span(0, 10), Span(0, 10)) == Span(0, 10)
