"""Articles are read out of the recorded pages at least as well as they once were, through the worker.

`fixtures/pages/floors.toml` pins the figures and the digest of the pages. Whoever lowers one writes a decision record.
"""

from __future__ import annotations

import hashlib
import tomllib

import pytest

from tests.quality.pages import Reading, f1, figures, read_all
from tests.support.pages import recorded_pages
from tests.support.paths import FIXTURES

PINNED = tomllib.loads((FIXTURES / "pages" / "floors.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    return read_all()


def test_the_pages_are_those_that_the_floors_are_for() -> None:
    digest = hashlib.sha256()
    for page in recorded_pages():
        digest.update(page.fetched.content)
    assert digest.hexdigest() == PINNED["digest"]
    assert len(recorded_pages()) == PINNED["pages"]


@pytest.mark.parametrize("name", sorted(PINNED["floors"]))
def test_no_figure_falls_below_its_floor(readings: list[Reading], name: str) -> None:
    assert figures(readings)[name] >= PINNED["floors"][name]


def test_a_lost_quotation_mark_is_seen() -> None:
    assert f1("“It burns,” he said.", "“It burns,” he said.") == 1
    assert f1("It burns, he said.", "“It burns,” he said.") < 0.95
    assert f1("百年茶馆", "百年茶馆重新开张") < 0.95
