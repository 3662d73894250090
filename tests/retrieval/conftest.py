"""The web of the tests, for whoever visits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.retrieval.web_server import LocalWeb, response, serving
from tests.retrieval.web_visits import STORY

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def web() -> Iterator[LocalWeb]:
    """A server of one's own, which has the story."""
    with serving() as opened:
        opened.page(STORY, response("the story"))
        yield opened


@pytest.fixture(scope="module")
def shared_web() -> Iterator[LocalWeb]:
    """One for all the examples of a property."""
    with serving() as opened:
        yield opened
