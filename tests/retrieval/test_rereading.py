"""Articles that an older release read are read again in the background, while the old quotations are shown."""

from __future__ import annotations

import hashlib
import logging
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from typing_extensions import override

from retrieval.adapters.sandbox.retry_limit import RetryLimitedWorker
from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewSpeaker
from retrieval.archive.schema import articles
from retrieval.articles import rereading
from retrieval.articles.rereading import Rereader
from retrieval.articles.storing import embed_article
from retrieval.assembly import open_newsroom
from retrieval.domain.articles import LinkedWords
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, SpeakerId
from retrieval.domain.overrides import SplitKind
from retrieval.domain.quotations import QuotationsFound, SpeakerEntry, SpeakerUnknown
from retrieval.domain.scope import Scope
from retrieval.domain.upkeep import Rereading
from retrieval.errors import ArchiveFull, ArticleRejected, Stopping, WorkerKilled
from retrieval.reading import read_article
from tests.crash.older import archive_at, older_steps
from tests.crash.texts import draft
from tests.retrieval.changes import becomes
from tests.support.articles import BAKERY, BRIDGE, SCHOOL
from tests.support.fakes import FakeFetcher, HashingEmbedder
from tests.support.newsrooms import settings_in
from tests.support.prepared import NOON

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import Draft

ANYONE, HERE, THERE = Scope(), Scope(CollectionId(11)), Scope(CollectionId(22))
EMBEDDER = HashingEmbedder()
KILLS = 3

CHILD = """
import sys, threading
from pathlib import Path
from retrieval.archive.opening import open_archive
from retrieval.articles.rereading import Rereader
from retrieval.reading import read_article
class Reader:
    read = staticmethod(lambda draft, **_: read_article(draft))
with open_archive(Path(sys.argv[1])) as archive:
    Rereader(archive, Reader, lambda: None).run_when_free(threading.Event())
"""


class Reader:
    """An article reader that remembers what it read; `trouble` is raised for a headline as often as it says."""

    def __init__(self, *trouble: Exception, at: str = "", before: Callable[[], object] = lambda: None) -> None:
        self.read_titles: list[str | None] = []
        self._trouble = list(trouble)
        self._at = at
        self._before = before

    def read(self, draft: Draft, **_: object) -> ReadArticle:
        self._before()
        self.read_titles.append(draft.title)
        if self._trouble and self._at in (draft.title or ""):
            raise self._trouble.pop(0)
        return read_article(draft)


def add_as_before(archive: Archive, article: Draft, scope: Scope = ANYONE, speaker: str = "Wrong Person") -> ArticleId:
    """Add an article as an older extractor read it: one person is said to have said everything."""
    read = read_article(article)
    quotations = tuple(replace(each, speakers=(NewSpeaker(speaker),)) for each in read.quotations)
    made = embed_article(replace(read, quotations=quotations, extractor=0), EMBEDDER)
    return archive.articles.add(made, EMBEDDER.spec, collection=scope.server or SHARED, now=NOON).article.id


def read_again(archive: Archive, reader: Reader | None = None) -> Reader:
    reader = reader or Reader()
    assert Rereader(archive, reader, lambda: None).run_when_free(threading.Event())
    return reader


def names(archive: Archive, scope: Scope = ANYONE) -> dict[str, int]:
    return {entry.speaker.name: entry.quotations for entry in archive.speakers.directory(scope).entries}


def id_of(archive: Archive, name: str, scope: Scope = ANYONE) -> SpeakerId:
    found = archive.speakers.named(scope, name)
    assert isinstance(found, SpeakerEntry)
    return found.speaker.id


def test_what_is_found_now_replaces_what_was_found_before(archive: Archive) -> None:
    for article in (BRIDGE, BAKERY, SCHOOL):
        add_as_before(archive, article)
    archive.articles.add(embed_article(read_article(draft(1)), EMBEDDER), EMBEDDER.spec, collection=SHARED, now=NOON)
    with open_archive(archive.path) as other:  # another process, whose memory of who is who must follow
        before = names(other)
        assert before["Wrong Person"] == 4
        assert before == names(archive)
        reader = read_again(archive)
        assert len(reader.read_titles) == 3, "what this version read is not read again"
        after = names(archive)
        assert after == names(other)
        assert "Wrong Person" not in after
        assert after["Piotr Lindqvist"] == 1
    assert archive.check().problems == ()
    assert archive.rereading.next() is None


def test_speakers_keep_their_numbers(archive: Archive) -> None:
    add_as_before(archive, BRIDGE, speaker="Ada Okafor")
    number = id_of(archive, "Ada Okafor")
    read_again(archive)
    assert id_of(archive, "Ada Okafor") == number


def test_what_was_decided_by_hand_still_holds(archive: Archive) -> None:
    for number in range(3):
        add_as_before(archive, draft(number), HERE if number == 2 else ANYONE, "Ada Okafor")
    add_as_before(archive, BRIDGE, speaker="Ada Okafor")
    people = archive.speakers
    archive.overrides.alias(ANYONE, id_of(archive, "Ada Okafor"), "Ms. O.")
    [part] = [
        part
        for part in people.shown(HERE, id_of(archive, "Ada Okafor", HERE)).split_candidates
        if part.kind is SplitKind.ARTICLE and "bridge" in part.label
    ]
    archive.overrides.split(HERE, id_of(archive, "Ada Okafor", HERE), part.kind, part.number)
    decided = archive.overrides.active(HERE)
    read_again(archive)
    assert archive.overrides.active(HERE) == decided
    assert id_of(archive, "Ms. O.") == id_of(archive, "Ada Okafor")
    here = [entry for entry in people.directory(HERE).entries if entry.speaker.name == "Ada Okafor"]
    assert len(here) == 2, "the split of one server was forgotten"
    there = [entry for entry in people.directory(THERE).entries if entry.speaker.name == "Ada Okafor"]
    assert len(there) == 1, "it holds for another server"
    assert archive.check().problems == ()


@pytest.mark.parametrize("trouble", [[WorkerKilled("page.too_much")] * 2, [ArticleRejected("text.empty")]])
def test_an_article_that_cannot_be_read_keeps_its_quotations(archive: Archive, trouble: list[Exception]) -> None:
    for article in (BRIDGE, BAKERY):
        add_as_before(archive, article)
    reader = read_again(archive, Reader(*trouble, at="bridge"))
    assert names(archive)["Wrong Person"] == 2
    assert len(reader.read_titles) == 1 + len(trouble)
    assert read_again(archive).read_titles == [], "it is tried for ever"


def test_an_article_that_kills_the_worker_once_is_read_once_more(archive: Archive) -> None:
    add_as_before(archive, BRIDGE)
    read_again(archive, Reader(WorkerKilled("page.too_much")))
    assert names(archive) == {"Ada Okafor": 2}


def test_an_article_that_stopped_the_program_twice_keeps_its_quotations(archive: Archive) -> None:
    add_as_before(archive, BRIDGE)
    stored = archive.rereading.next()
    assert stored is not None
    for _ in range(2):  # each time the program ends before it can say how the attempt ended
        assert archive.attempts.begin(hashlib.sha256(stored.body.encode()).hexdigest(), datetime.now(UTC)) is None
    limited = RetryLimitedWorker(Reader(), archive.attempts)  # type: ignore[arg-type]  # it extracts nothing
    assert Rereader(archive, limited, lambda: None).run_when_free(threading.Event())
    assert names(archive) == {"Wrong Person": 2}


def test_what_the_page_said_of_its_quotations_is_told_again(archive: Archive) -> None:
    linked = (LinkedWords("Nobody was ever in danger", "Ada Okafor"), LinkedWords("It is for sale", disputed=True))
    add_as_before(archive, replace(BRIDGE, linked=linked))
    told = list[object]()

    class Listener(Reader):
        @override
        def read(self, draft: Draft, **_: object) -> ReadArticle:
            told.append(draft.linked)
            return super().read(draft)

    read_again(archive, Listener())
    assert told == [linked]
    assert archive.check().problems == ()


@pytest.mark.parametrize("damage", ["nonsense", "7", "[1]", '[["a"]]', "null"])
def test_linked_data_that_is_damaged_is_none(archive: Archive, damage: str) -> None:
    add_as_before(archive, BRIDGE)
    with archive._connections.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET linked = ?", (damage,))
    outdated = archive.rereading.next()
    assert outdated is not None
    assert outdated.linked == ()


def test_an_article_that_goes_meanwhile_stays_gone(archive: Archive) -> None:
    id_ = add_as_before(archive, BRIDGE)
    read_again(archive, Reader(before=lambda: archive.articles.remove(ANYONE, id_, now=NOON)))
    assert names(archive) == {}
    assert archive.check().problems == ()


def test_a_text_that_this_version_would_clean_otherwise_keeps_its_quotations(archive: Archive) -> None:
    class Cleaner(Reader):
        @override
        def read(self, draft: Draft, **_: object) -> ReadArticle:
            return replace(super().read(draft), body="another")

    add_as_before(archive, BRIDGE)
    read_again(archive, Cleaner())
    assert names(archive) == {"Wrong Person": 2}


def test_what_was_stopped_goes_on_and_reads_nothing_twice(archive: Archive) -> None:
    stop, first = threading.Event(), list[str | None]()
    for number in range(6):
        add_as_before(archive, draft(number))

    class Stopped(Reader):
        @override
        def read(self, draft: Draft, **_: object) -> ReadArticle:
            first.append(draft.title)
            if len(first) == 3:
                stop.set()
            return super().read(draft)

    assert not Rereader(archive, Stopped(), lambda: None).run_when_free(stop)
    assert archive.rereading.progress() == Rereading(3, 6)
    second = read_again(archive)
    assert len(second.read_titles) == 3
    assert not set(first) & set(second.read_titles)


def test_another_process_that_reads_again_is_waited_for(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "_LOOK_AGAIN", 0.01)
    add_as_before(archive, BRIDGE)
    reader, done = Reader(), threading.Event()

    def run() -> None:
        Rereader(archive, reader, lambda: None).run_when_free(threading.Event())
        done.set()

    with archive.rereading.claim() as alone:
        assert alone
        threading.Thread(target=run).start()
        assert not done.wait(0.1)
        assert reader.read_titles == []
    assert done.wait(20)
    assert len(reader.read_titles) == 1


def test_in_the_background_it_waits_while_the_disk_is_full_and_ends_with_the_program(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rereading, "_TRY_AGAIN", 0.01)
    add_as_before(archive, BRIDGE)
    reader = Reader(ArchiveFull(path=archive.path), Stopping())
    with caplog.at_level(logging.WARNING, "retrieval"):
        Rereader(archive, reader, lambda: None).run_in_background(threading.Event())
    assert len(reader.read_titles) == 2
    assert "reading articles again waits: " in caplog.text
    assert names(archive) == {"Wrong Person": 2}


def test_a_scope_learns_how_far_its_own_articles_are(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with open_archive(settings.archive_path) as archive:
        add_as_before(archive, BRIDGE)
        add_as_before(archive, BAKERY, HERE)
    with open_newsroom(settings, EMBEDDER, fetcher=FakeFetcher()) as room:
        assert room.about(ANYONE).rereading == room.about(THERE).rereading == Rereading(0, 1)
        assert room.about(HERE).rereading == Rereading(0, 2)
        assert names(room._archive, HERE) == {"Wrong Person": 3}, "a command does not wait for it"
        assert room.rereader.run_when_free(threading.Event())
        assert room.about(HERE).rereading is None
        assert isinstance(room.quotes_by(THERE, "Lindqvist"), SpeakerUnknown)
        assert isinstance(room.quotes_by(HERE, "Lindqvist"), QuotationsFound)


@pytest.mark.usefixtures("own_tables")
@pytest.mark.parametrize("step", older_steps())
def test_the_bot_reads_the_archive_of_an_older_release_again(tmp_path: Path, step: str) -> None:
    settings = settings_in(tmp_path)
    archive_at(step, settings.archive_path)
    with open_archive(settings.archive_path) as archive, archive._connections.writing() as connection:
        connection.execute(sa.update(articles).values(extractor=0))
    with open_newsroom(settings, EMBEDDER, fetcher=FakeFetcher()) as command:
        before = [names(command._archive, scope) for scope in (ANYONE, HERE)]
        assert command.about(HERE).rereading == Rereading(0, 6)
    with open_newsroom(settings, EMBEDDER, fetcher=FakeFetcher(), stays=True) as room:
        assert becomes(lambda: room.about(HERE).rereading is None)
        assert [names(room._archive, scope) for scope in (ANYONE, HERE)] == before
        assert isinstance(room.quotes_by(ANYONE, "Ms. O."), QuotationsFound)
        assert room.check().problems == ()


def test_killed_in_the_middle_it_goes_on_with_nothing_lost_and_nothing_by_half(tmp_path: Path) -> None:
    path = tmp_path / "news.sqlite3"
    with open_archive(path) as archive:
        for number in range(40):
            add_as_before(archive, draft(number), HERE if number % 2 else ANYONE)
    for _ in range(KILLS):
        waiting = outdated(path)
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)])
        deadline = time.monotonic() + 30
        while outdated(path) > waiting - 4 and time.monotonic() < deadline:
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        child.wait()
        with open_archive(path) as archive:
            assert archive.check().problems == ()
            left = outdated(path)
            assert 0 < left < waiting
            assert names(archive, HERE)["Wrong Person"] > 0
    with open_archive(path) as archive:
        assert len(read_again(archive).read_titles) == left
        assert "Wrong Person" not in names(archive, HERE)
        assert archive.check().problems == ()


def outdated(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        number: int = connection.execute("SELECT count(*) FROM articles WHERE extractor = 0").fetchone()[0]
        return number
