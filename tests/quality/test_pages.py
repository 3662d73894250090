"""Articles are read out of the recorded pages at least as well as they once were, through the worker.

`pages/floors.toml` pins the figures and the digest of the pages. To lower one, write down in the decision records why.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

import pytest

from tests.quality.pages.measuring import Reading, f1, figures, read_all
from tests.quality.pages.recorded import pages

PINNED = tomllib.loads((Path(__file__).with_name("pages") / "floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    return read_all()


def test_the_pages_are_those_that_the_floors_are_for() -> None:
    digest = hashlib.sha256()
    for page in pages():
        digest.update(page.fetched.content)
    assert digest.hexdigest() == PINNED["digest"]
    assert len(pages()) == PINNED["pages"]


@pytest.mark.parametrize("name", sorted(PINNED["floors"]))
def test_no_figure_falls_below_its_floor(readings: list[Reading], name: str) -> None:
    assert figures(readings)[name] >= PINNED["floors"][name]


def test_a_lost_quotation_mark_is_seen() -> None:
    assert f1("“It burns,” he said.", "“It burns,” he said.") == 1
    assert f1("It burns, he said.", "“It burns,” he said.") < 0.95
    assert f1("百年茶馆", "百年茶馆重新开张") < 0.95
