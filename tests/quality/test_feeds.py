"""Feeds of every kind are understood whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.quality.feeds import Kind, Understood, kinds, understood


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_story_of_a_feed_comes_with_headline_link_date_and_text(kind: Kind) -> None:
    assert understood(kind) == Understood(kind, kind.listed, kind.listed, kind.listed, kind.listed)


def test_a_headline_that_is_not_read_is_seen() -> None:
    kind = kinds()[0]
    damaged = replace(kind, content=kind.content.replace(b"number 3 ", b"number 33 "))
    assert understood(damaged).headlines == kind.listed - 1
