"""What a mention loses and gains before its name is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.text.attribution.people.mention_bounds import extended, trimmed, whole_name

TRIMMED = [
    ("“It is late,” councillor Ana Costa", "councillor Ana Costa"),
    (",” coach Ana Costa", "coach Ana Costa"),
    ("’’ Mr. Costa", "Mr. Costa"),
    ("― Ana Costa", "Ana Costa"),
    ("the talks with Rui Lund. Costa", "Costa"),
    ("at the mention of Mr. Lund’s name. He", "He"),
    ("At Sunday’s debate, Costa", "Costa"),
    ("Meanwhile, speaking in Port Selby, Costa", "Costa"),
    ("a few days later, Costa", "Costa"),
    ("However, he held his fire", "he"),
    ("Rep. Ana Costa (D-Ohio)", "Rep. Ana Costa (D-Ohio)"),
    ("Ana Costa, the mayor of Port Selby", "Ana Costa, the mayor of Port Selby"),
    ("a Feb. 1 letter", "a Feb. 1 letter"),
    ("Ana Costa Jr.", "Ana Costa Jr."),
    ("", ""),
]

EXTENDED = [
    ("said |Ludo van| den Berg.", "Ludo van den Berg"),
    ("said |Siobhan| O’Hare.", "Siobhan O’Hare"),
    ("said |Ana| Costa.", "Ana Costa"),
    ("said Pilar |García Márquez|.", "Pilar García Márquez"),
    ("said |EastLine co|-founder Ana Costa.", "EastLine co-founder Ana Costa"),
    ("said |chief economist| Ana Costa.", "chief economist Ana Costa"),
    ("said |Sgt|. Ana Costa.", "Sgt. Ana Costa"),
    ("said |Minister| of Health Ana Costa.", "Minister of Health Ana Costa"),
    ("said |the mayor|, Ana Costa. It rained", "the mayor, Ana Costa"),
    ("said |her agent|, Ana Costa.", "her agent, Ana Costa"),
    ("said |Ana Costa|’s lawyer.", "Ana Costa"),
    ("said |Costa|. He left.", "Costa"),
    ("|They|’re late.", "They"),
    ("said |the mayor| Friday.", "the mayor"),
    ("said |Costa| told host Rui Lund.", "Costa"),
]


@pytest.mark.parametrize(("printed", "mention"), TRIMMED)
def test_a_mention_is_only_what_names_or_describes_somebody(printed: str, mention: str) -> None:
    start, end = trimmed(printed, 0, len(printed))
    assert printed[start:end] == mention


@pytest.mark.parametrize(("marked", "mention"), EXTENDED)
def test_a_mention_that_cuts_a_name_is_extended_to_all_of_it(marked: str, mention: str) -> None:
    before, inside, after = marked.split("|")
    text = before + inside + after
    start, end = extended(text, len(before), len(before + inside))
    assert text[start:end] == mention


@given(st.text(), st.integers(0, 40), st.integers(0, 40))
def test_any_part_of_any_text_has_bounds_inside_the_text(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    end = min(start + length, len(text))
    for bounds in (trimmed, extended, whole_name):
        first, last = bounds(text, start, end)
        assert 0 <= first <= last <= len(text)
