"""Page boilerplate is told from text by general marks, and in doubt a paragraph is text."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.boilerplate import BoilerplateKind, layout
from retrieval.text.cleaning import normalise

LEDE = "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings."
MORE = "Engineers hope to reopen one lane within a week, the port authority told residents."


def boilerplate_of(body: str, title: str | None = None) -> list[tuple[str, str]]:
    return [(item.kind.value, item.span.of(body)) for item in layout(body, title).boilerplate]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("caption", "The bridge at dawn Reuters Ada Okafor"),
        ("caption", "Harbour Bridge. (AP Photo/Ada Okafor)"),
        ("notice", "Copyright 2024 Harbour Media Inc. All rights reserved."),
        ("notice", "© 2023 The Daily Post"),
        ("byline", "By Ada Okafor and John Q. Public"),
        ("byline", "Updated 3:45 PM EDT, Tue March 12, 2024"),
        ("byline", "Published on March 3, 2024"),
        ("navigation", "Source link"),
        ("navigation", "About The Author"),
        ("navigation", "Scroll to Top"),
        ("navigation", "ADVERTISEMENT"),
        ("navigation", "Read more"),
        ("navigation", "* * *"),
        ("navigation", "Sign up for our morning newsletter"),
        ("navigation", "FULL TEXT."),
        ("navigation", "New York CNN Business —"),
    ],
)
def test_boilerplate_is_recognised(kind: str, line: str) -> None:
    assert boilerplate_of(f"{LEDE}\n\n{line}\n\n{MORE}") == [(kind, line)]


@pytest.mark.parametrize(
    "line",
    [
        "“No.”",
        "He declined.",
        "By then, the bridge was empty.",
        "Reuters could not reach the port authority.",
        "Share prices fell.",
        "CNN — its own witness — was there.",
        "Home prices in the harbour district rose for the fourth month in a row, the survey said.",
        "More from the inspector is expected on Friday, when the council meets in the old town hall.",
        "Mayor Ada Okafor inspects the bearings of the harbour bridge on Tuesday afternoon. John Public/Reuters",
    ],
)
def test_a_sentence_is_text_however_short(line: str) -> None:
    assert boilerplate_of(f"{LEDE}\n\n{line}\n\n{MORE}") == []


def test_the_known_headline_is_found_whatever_its_marks() -> None:
    body = f"Photo: harbour\n\nBridge ‘closed until further notice’\n\n{LEDE}"
    assert ("headline", "Bridge ‘closed until further notice’") in boilerplate_of(
        body, "Bridge 'closed until further notice'"
    )


def test_a_first_line_that_looks_like_a_headline_is_one() -> None:
    assert boilerplate_of(f"Harbour bridge closed\n\n{LEDE}") == [("headline", "Harbour bridge closed")]


@pytest.mark.parametrize(
    "lede",
    [
        "PORT TOWN (AP) -- The bridge is closed.",
        "PORT TOWN, Maine (Herald)  -- The bridge is closed.",
        "HARWICK, N.H. (AP) — The bridge is closed.",
    ],
)
def test_a_first_sentence_is_no_headline_even_if_it_is_given_as_the_title(lede: str) -> None:
    assert boilerplate_of(f"{lede}\n\n{MORE}", lede) == []


def test_short_lines_after_the_legal_notice_are_the_page() -> None:
    body = f"{LEDE}\n\nCopyright 2024 Harbour Media.\n\nBridge Watch Weekly\n\nThis one is a sentence."
    assert [text for _, text in boilerplate_of(body)] == ["Copyright 2024 Harbour Media.", "Bridge Watch Weekly"]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    body = (
        "The harbour bridge was closed on Tuesday after an inspector found cracks in\n"
        "two of its bearings, the port authority said, and engineers who had been sent\n"
        "to look at the damage hope to reopen one lane within the coming week."
    )
    assert len(layout(body).text) == 1


def test_lines_of_their_own_are_paragraphs_of_their_own() -> None:
    assert len(layout(f"{LEDE}\n{MORE}").text) == 2


@given(st.text(alphabet=st.one_of(st.sampled_from("aB .“”\n©"), st.characters())), st.none() | st.text(max_size=40))
def test_every_paragraph_is_either_text_or_boilerplate_and_nothing_is_lost(raw: str, title: str | None) -> None:
    body = normalise(raw).text
    found = layout(body, title)
    spans = sorted([*found.text, *(item.span for item in found.boilerplate)])
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert sum(len("".join(span.of(body).split())) for span in spans) == len("".join(body.split()))


def test_the_seed_keeps_its_text_and_loses_its_page() -> None:
    body = normalise(Path("seeds/gaza-cease-fire-vote.txt").read_text(encoding="utf-8")).text
    found = layout(body)
    assert [item.kind for item in found.boilerplate] == [
        BoilerplateKind.HEADLINE,
        BoilerplateKind.CAPTION,
        BoilerplateKind.NOTICE,
        BoilerplateKind.NAVIGATION,
        BoilerplateKind.NAVIGATION,
        BoilerplateKind.NAVIGATION,
    ]
    assert len(found.text) == 21


@pytest.mark.parametrize(
    "line", ["By " + "N" * 20_000 + "!", "By " + "Na " * 20 + "N" * 20_000 + "!", "By " + "A&" * 10_000 + "!"]
)
def test_a_line_of_capitals_is_told_as_quickly_as_any_other(line: str) -> None:
    assert layout(f"{line}\n\nA text of a few words follows.").headline is None


@pytest.mark.parametrize(
    "line", ["By AFP", "By Ann Lee and Bob Roe", "BY ANN LEE | Reuters", "By Ann Lee, Bob Roe & Cy McCoy"]
)
def test_who_wrote_it_is_a_byline(line: str) -> None:
    found = layout(f"A headline\n{line}\n\nA text of a few words follows.").boilerplate
    assert BoilerplateKind.BYLINE in {item.kind for item in found}
