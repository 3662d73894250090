"""Sentences of news English; a bar in the table stands where one ends."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.domain.articles import Span
from retrieval.text.sentences import sentences

CASES = """
“It would be a mistake,” press secretary Maj. Gen. Ann Lee told reporters.|“There are other ways.”
“All of that is a waste.|He could have chosen otherwise.|He did not,” a U.S. official told the paper.
Sen. Amy Roe (D-Vt.) wrote that he is “not so upset that he’ll turn down $3.3B.”|Aides agreed.
The firm moved to the U.S.|It now employs 40 people.
The U.S. Senate voted.|Sen. Roe spoke for the U.S. delegation.
"Did you see it?" she asked.|"No," he said.
“Stop!” shouted Officer Lee.|The man ran.
“He can’t do that!” Smith said, adding: “Who is he?”|Jones agreed.
“Did you see it?” asked Mr. Brown.|“I did not!”|He laughed.
The talks ended at 5 p.m. Monday in Geneva.|They resume at 9 a.m.|Delegates will attend.
The vote is at 9 p.m. ET on Friday.|Polls close then.
Prices rose 3.5 percent in Jan. 2012, the Labor Dept. said.|That beat forecasts of 2.1 percent.
Dr. Jane A. Smith, M.D., of St. Mary's Hospital in Washington, D.C., agreed.|She left.
Acme Corp. declined to comment.|He works for Acme Inc. in Boston.
"I am sorry," said J.R. Smith, 34.|"It was wrong."
Rep. Jim Moss, R-Ohio, and Gov. Ida Grey, D-Mich., met on Jan. 5.|They talked.
The No. 1 seed beat No. 8 seed Hall 6-4, 6-2.|It took 1 hr. 20 min.
Lt. Col. James Brown was killed near Ft. Worth, Texas.|An inquiry began.
He bought it for $1.5 million... and then sold it.|Nobody knew why.
“What we do . . . is not for show,” she said.|He agreed.
"You can't say that," Roe said.|(She later apologised.)|The crowd booed.
Was it worth it?|Absolutely!|We would do it again.
The quake hit at 4:53 p.m.|Buildings fell.
“Is this the end?”|No one knew.
1. A trio of costumes
Yahoo! Inc. fell.|Its rival did not.
""".strip().splitlines()


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_a_reader_would_end_them(case: str) -> None:
    text = case.replace("|", " ")
    assert [found.of(text) for found in sentences(text)] == case.split("|")


def test_an_empty_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    text = "A headline\n\nThe mayor of\nRiver City left."
    assert [found.of(text) for found in sentences(text)] == ["A headline", "The mayor of\nRiver City left."]


def test_only_the_span_is_read() -> None:
    text = "One left. Two stayed. Three sang."
    assert sentences(text, Span(10, 21)) == [Span(10, 21)]


PIECES = st.lists(
    st.sampled_from(["Mr. Roe ", "said. ", "U.S. ", "“No!” ", "He ", "\n\n", "\n", "3.5 ", "… ", "x", ".", " "])
)


@given(st.text() | PIECES.map("".join))
def test_nothing_but_white_space_lies_outside_of_sentences(text: str) -> None:
    found = sentences(text)
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", "".join(span.of(text) for span in found))
    assert found == sorted(found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(span.of(text) == span.of(text).strip() for span in found)
