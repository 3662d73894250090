"""No text holds the interpreter: what reads a text takes time that grows with its length, whatever stands in it."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

import pytest

from retrieval.adapters.extraction.html import read_html
from retrieval.adapters.spacy_parser import LONGEST_RUN, SpacyParser
from retrieval.domain.limits import LONGEST_TEXT
from retrieval.text.names.entity_matching import KnownAs, same_person
from retrieval.text.names.names import name_beside
from retrieval.text.parse import Parse
from retrieval.text.quotations import MOST_RANKED, find_quotations
from tests.benchmarks import linear_time
from tests.support.hostile import SPOKEN, UNITS, row, rows
from tests.support.parses import parse_of
from tests.support.paths import SEED
from tests.support.sizes import sized

if TYPE_CHECKING:
    from types import FrameType

_CALLS, _UNKNOWN = linear_time.prepared()
_TIMES_NEWS: Final = 25
_SECONDS: Final = {"reading.read_article": sized(2.0, 4.0), "text.quotations.find_quotations": 1.0}
"""What a test may cost with all units; others a fraction of a second."""
_SHARE: Final = sized(4, 1)
"""Each function is tried with one unit in so many, other ones than its neighbour; what calls most of them, with all."""


def test_of_every_public_function_that_takes_a_text_it_is_said_how_it_is_timed() -> None:
    assert not _UNKNOWN, "say in tests/benchmarks/linear_time.py how these are called"
    known = {name for name, _ in linear_time.public()}
    assert known >= linear_time.PARTS | linear_time.LIBRARIES | linear_time.MEASURED


@pytest.mark.parametrize("name", [name for name in sorted(_CALLS) if "parse" not in name])
def test_time_grows_with_the_text(name: str) -> None:
    prepare, longest = _CALLS[name], linear_time.AT_MOST.get(name, LONGEST_TEXT)
    share = 1 if name == "reading.read_article" else _SHARE
    units = UNITS[sorted(_CALLS).index(name) % share :: share]
    size = linear_time.affordable(prepare, _SECONDS.get(name, 0.08) / share, units)
    assert list(linear_time.superlinear(prepare, size, longest, units=units)) == []


@pytest.mark.parametrize("name", [name for name in sorted(_CALLS) if "parse" in name])
def test_time_grows_with_the_text_whatever_its_parse(name: str) -> None:
    units = SPOKEN[sorted(_CALLS).index(name) % _SHARE :: _SHARE]
    assert list(linear_time.superlinear(_CALLS[name], 4_000, LONGEST_TEXT, units=units, frames=(("", ""),))) == []


def test_no_row_takes_many_times_the_seconds_of_news() -> None:
    news = SEED.read_text(encoding="utf-8")
    read = linear_time.CALLS["reading.read_article"]
    usual = linear_time.seconds(read, news, 3) / len(news)
    for name, text in rows(3_000):
        if linear_time.seconds(read, text) > _TIMES_NEWS * usual * len(text):
            assert linear_time.seconds(read, text, 3) < _TIMES_NEWS * usual * len(text), name


def test_a_row_of_suffixes_is_read_in_one_way() -> None:
    beside = partial(partial, name_beside)
    assert linear_time.seconds(beside, f"Its chair, A{' Jr' * 20} !", 2) < 0.1  # two ways for each would take a second


def test_a_run_without_a_blank_is_not_parsed() -> None:
    assert SpacyParser().parse("?!" * LONGEST_RUN) == Parse(())


def test_of_very_many_quotations_the_rules_decide() -> None:
    text = row("“We will,” said Kim. ", ("", ""), 21 * (MOST_RANKED + 1))
    assert find_quotations(text, parse_of(text, "pairs")) == find_quotations(text)


def test_of_very_many_names_with_one_last_name_none_are_joined() -> None:
    names = [KnownAs(f"{first} costa", frozenset({"mayor"})) for first in ("joe", "joseph")]
    many = [KnownAs(f"a{number} costa", frozenset()) for number in range(600)]
    assert same_person(names)
    assert same_person([*names, *many]) == ()


def test_what_is_said_to_be_part_of_something_else_is() -> None:
    text = "Mark Costa spoke. He said: “It will hold for a long time, all of it.” He said: “It will.”"
    called: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            module = str(frame.f_globals.get("__name__", "")).removeprefix("retrieval.")
            called.add(f"{module}.{frame.f_code.co_qualname}")

    sys.setprofile(note)
    try:
        find_quotations(text, parse_of(text, "pairs"))
        part = "<div class=grid><div class=article-body><p>{0}: {1}</p><p>{0}. {1}</p></div></div>"
        read_html(f"<article>{''.join(part.format(number, text * 4) for number in range(3))}</article>")
    finally:
        sys.setprofile(None)
    assert called >= linear_time.PARTS
