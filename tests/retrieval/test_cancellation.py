"""Work that nobody waits for any more stops at its next step, and never in the middle of storing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from retrieval.domain.cancellation import Cancellation, WorkCancelled
from retrieval.domain.editing import Claims
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from tests.support.articles import BAKERY, BRIDGE
from tests.support.fakes import FakeFetcher
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom

HERE = Scope(CollectionId(11))
PAGE, LINK = "https://courier.example/bridge", "https://courier.example/bakery"
FEED = "https://courier.example/feed.json"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    web = FakeFetcher()
    told = [
        f"In street {number} of Port Selby, people queued for the prized rye bread from six." for number in range(9)
    ]
    paragraphs = "".join(f"<p>{line}</p>" for line in (*BAKERY.text.split("\n\n"), *told))
    web.page(LINK, f"<html><head><title>Bread</title></head><body><article>{paragraphs}</article></body></html>")
    web.page(
        FEED, '{"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": []}', "application/json"
    )
    with newsroom_in(tmp_path, fetcher=web) as room:
        yield room


def test_work_that_was_cancelled_stops_at_its_next_step() -> None:
    cancellation = Cancellation()
    cancellation.check()
    assert cancellation.cancel()
    with pytest.raises(WorkCancelled):
        cancellation.check()
    with pytest.raises(WorkCancelled):
        cancellation.begin_storing()


def test_what_is_being_stored_or_was_stored_cannot_be_cancelled() -> None:
    cancellation = Cancellation()
    cancellation.begin_storing()
    assert not cancellation.cancel()
    cancellation.begin_storing()  # once more, because another model has come in use
    assert not cancellation.cancel()


def test_where_nothing_was_stored_after_all_the_work_stops_if_that_was_wanted_meanwhile() -> None:
    cancellation = Cancellation()
    cancellation.begin_storing()
    cancellation.stored_nothing()
    assert cancellation.cancel()
    late = Cancellation()
    late.begin_storing()
    assert not late.cancel()
    with pytest.raises(WorkCancelled):
        late.stored_nothing()


class CancelledAt(Cancellation):
    """Is cancelled at the given look of the work at it; `looks` counts them."""

    def __init__(self, look: int) -> None:
        super().__init__()
        self._left = look

    def _looked(self) -> None:
        self._left -= 1
        if self._left == 0:
            self.cancel()

    @override
    def check(self) -> None:
        self._looked()
        super().check()

    @override
    def begin_storing(self) -> None:
        self._looked()
        super().begin_storing()

    @override
    def stored_nothing(self) -> None:
        self._looked()
        super().stored_nothing()


def add_two_versions(room: Newsroom) -> None:
    """An article and a new version of it: undoing puts the first one back."""
    room.importer.add_text(HERE, BRIDGE.text, claims=Claims("Bridge", link=PAGE))
    room.importer.add_text(
        HERE, f"{BRIDGE.text}\n\nThe bridge was opened again on Friday.", claims=Claims("Bridge", link=PAGE)
    )


CANCELLABLE: dict[str, Callable[[Newsroom, Cancellation], object]] = {
    "link": lambda room, stop: room.importer.add_link(HERE, LINK, cancellation=stop),
    "file": lambda room, stop: room.importer.add_file(HERE, "bakery.txt", BAKERY.text.encode(), cancellation=stop),
    "text": lambda room, stop: room.importer.add_text(HERE, BAKERY.text, cancellation=stop),
    "undo": lambda room, stop: room.importer.undo(HERE, room.articles.entries(HERE)[0].id, cancellation=stop),
    "feed": lambda room, stop: room.feeds.add(HERE, FEED, cancellation=stop),
}


@pytest.mark.parametrize("work", CANCELLABLE)
def test_whatever_the_step_at_which_work_is_cancelled_it_has_changed_nothing(room: Newsroom, work: str) -> None:
    add_two_versions(room)
    before = kept(room)
    for look in range(1, 100):
        stop = CancelledAt(look)
        try:
            CANCELLABLE[work](room, stop)
        except WorkCancelled:
            assert kept(room) == before
        else:
            break
    assert look > 1, "it was never cancelled"
    assert kept(room) != before
    assert not stop.cancel(), "it could be said that nothing was done"


def kept(room: Newsroom) -> object:
    """What a server has and follows, and what was noted of it."""
    articles = [room.articles.show(HERE, entry.id) for entry in room.articles.entries(HERE)]
    return articles, room.feeds.listed(HERE), room.collections.audit(HERE)
