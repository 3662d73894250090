"""What kills the worker, or the whole program, is tried twice and never a third time."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, NoReturn

import pytest
from typing_extensions import override

from retrieval.adapters.sandbox.retry_limit import RetryLimitedFeedParser, RetryLimitedWorker
from retrieval.archive.articles.attempts import STOPPED
from retrieval.domain.articles import Draft
from retrieval.domain.cancellation import NOT_CANCELLED, Cancellation, WorkCancelled
from retrieval.domain.pages import Fetched
from retrieval.errors import (
    ArticleRejected,
    FeedKilledWorker,
    FeedRejected,
    Stopping,
    WorkerKilled,
    WorkerUnavailable,
)
from tests.support.fakes import PlainArticleReader

if TYPE_CHECKING:
    from retrieval.archive.archive import Archive
    from retrieval.archive.records import ReadArticle

TEXT = Draft("The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings.")
PAGE = Fetched("https://x.example/", b"<p>A page", "text/html")
TOO_LONG = WorkerKilled("page.too_slow")
NOW = datetime(2026, 3, 25, tzinfo=UTC)


class Worker(PlainArticleReader):
    """Fails with each of the errors in turn, then reads; counts how often it was asked."""

    def __init__(self, *errors: BaseException) -> None:
        self.errors = list(errors)
        self.asked = 0

    @override
    def read(self, draft: Draft, *, by_rules: bool = False, cancellation: Cancellation = NOT_CANCELLED) -> ReadArticle:
        self._fail()
        return super().read(draft, by_rules=by_rules, cancellation=cancellation)

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        cancellation.check()
        self._fail()
        return Draft(fetched.content.decode())

    def _fail(self) -> None:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)


@pytest.mark.parametrize("what", ["text", "page"])
def test_what_kills_the_worker_twice_is_refused_with_its_reason_and_not_tried_again(
    archive: Archive, what: str
) -> None:
    worker = Worker(TOO_LONG, TOO_LONG)
    careful = RetryLimitedWorker(worker, archive.attempts)

    def attempt() -> object:
        return careful.read(TEXT) if what == "text" else careful.extract(PAGE)

    for _ in range(2):
        with pytest.raises(WorkerKilled):
            attempt()
    for _ in range(3):
        with pytest.raises(ArticleRejected, match=r"longer to read than any article.*tried it twice") as refused:
            attempt()
        assert not isinstance(refused.value, WorkerKilled)
    assert worker.asked == 2
    assert careful.read(Draft(f"{TEXT.text} Another text.")).passages


def test_a_feed_that_kills_its_worker_twice_is_not_read_again_until_it_says_something_else(archive: Archive) -> None:
    class Feeds:
        asked = 0

        def read(self, _: Fetched) -> NoReturn:
            self.asked += 1
            raise too_long

    feeds, too_long = Feeds(), FeedKilledWorker("feed.too_slow")
    careful = RetryLimitedFeedParser(feeds, archive.attempts)
    for expected in (FeedKilledWorker, FeedKilledWorker, FeedRejected, FeedRejected):
        with pytest.raises(FeedRejected, match="longer to read") as refused:
            careful.read(PAGE)
        assert type(refused.value) is expected
    assert feeds.asked == 2
    with pytest.raises(FeedKilledWorker):
        careful.read(replace(PAGE, content=b"another"))


def test_what_killed_the_program_twice_is_refused_at_the_third_start(archive: Archive) -> None:
    worker = Worker()
    for _ in range(2):  # a killed program does nothing after it began
        assert archive.attempts.begin(_key(TEXT), datetime.now(UTC)) is None
    with pytest.raises(ArticleRejected, match="stopped while I read it"):
        RetryLimitedWorker(worker, archive.attempts).read(TEXT)
    assert worker.asked == 0


def test_the_attempt_is_written_down_before_it_is_made(archive: Archive) -> None:
    class Looking(Worker):
        @override
        def _fail(self) -> None:
            with archive._connections.reading() as connection:
                seen.append(connection.exec_driver_sql("SELECT key, tries FROM attempts").all())

    seen: list[object] = []
    RetryLimitedWorker(Looking(), archive.attempts).read(TEXT)
    assert seen == [[(_key(TEXT), 1)]]
    assert _kept(archive) == 0


@pytest.mark.parametrize(
    "error",
    [ArticleRejected("text.no_article"), Stopping(), WorkerUnavailable("page.worker_not_started"), WorkCancelled()],
)
def test_what_is_not_the_worker_s_death_is_not_held_against_a_text(archive: Archive, error: Exception) -> None:
    careful = RetryLimitedWorker(Worker(*[error] * 3), archive.attempts)
    for _ in range(3):
        with pytest.raises(type(error)):
            careful.read(TEXT)
    assert careful.read(TEXT).passages


def test_one_death_is_forgiven_where_the_next_reading_comes_to_its_end(archive: Archive) -> None:
    careful = RetryLimitedWorker(Worker(TOO_LONG, ArticleRejected("text.no_article"), TOO_LONG), archive.attempts)
    for expected in (WorkerKilled, ArticleRejected, WorkerKilled):
        with pytest.raises(expected):
            careful.read(TEXT)
    assert careful.read(TEXT).passages


def test_attempts_are_forgotten_after_thirty_days(archive: Archive) -> None:
    for key in ("a", "b"):
        archive.attempts.begin(key, NOW)
        archive.attempts.begin(key, NOW)
    assert archive.attempts.begin("a", NOW + timedelta(days=30)) == STOPPED
    assert archive.attempts.begin("a", NOW + timedelta(days=30, seconds=1)) is None
    assert _kept(archive) == 1


def test_a_text_whose_asker_gave_up_while_another_was_read_is_never_read(archive: Archive) -> None:
    begun, go_on = threading.Event(), threading.Event()

    class Slow(Worker):
        @override
        def _fail(self) -> None:
            self.asked += 1
            begun.set()
            go_on.wait(10)

    worker = Slow()
    careful, cancellation = RetryLimitedWorker(worker, archive.attempts), Cancellation()
    first = threading.Thread(target=careful.read, args=(TEXT,))
    first.start()
    assert begun.wait(10)
    cancellation.cancel()
    with pytest.raises(WorkCancelled):
        careful.read(Draft(f"{TEXT.text} Another text."), cancellation=cancellation)
    go_on.set()
    first.join()
    assert worker.asked == 1
    assert _kept(archive) == 0


def _key(draft: Draft) -> str:
    return sha256(draft.text.encode()).hexdigest()


def _kept(archive: Archive) -> int:
    with archive._connections.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM attempts").scalar_one())
