"""The beat: what the bot says of itself, and what it tells systemd."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.background import heartbeat
from bot.background.heartbeat import Heartbeat
from bot.background.service_manager import ServiceManager
from retrieval.domain.health import DiskRoom
from retrieval.errors import ArchiveError, ArchiveFull
from tests.bot.conftest import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.bot.conftest import Stage
    from tests.bot.fakes import FakeNewsroom

    Staged = Callable[..., AbstractAsyncContextManager[Stage]]


class Listener:
    """What systemd would hear."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(address)
        self._socket.settimeout(10)
        self.last = ""

    def hear(self) -> list[str]:
        return self._socket.recv(65536).decode().splitlines()

    def has_nothing(self) -> bool:
        self._socket.settimeout(0)
        try:
            self.last = self._socket.recv(65536).decode().splitlines()[0]
        except BlockingIOError:
            return True
        finally:
            self._socket.settimeout(10)
        return False

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    found = Listener(str(tmp_path / "notify"))
    yield found
    found.close()


@pytest.fixture
def manager(tmp_path: Path) -> ServiceManager:
    return ServiceManager(str(tmp_path / "notify"), watchdog_seconds=120.0)


def cog_of(stage: Stage) -> Heartbeat:
    """The beat, which the test lets happen when it wants: simcord's clock lets no loop run by itself."""
    cog = stage.bot.get_cog("Heartbeat")
    assert isinstance(cog, Heartbeat)
    return cog


def heard(listener: Listener) -> list[str]:
    """The first line of everything that was said until now."""
    said = []
    while not listener.has_nothing():
        said.append(listener.last)
    return said


async def test_figures_are_published_with_every_beat_and_withdrawn_at_the_end(
    staged: Staged, newsroom: FakeNewsroom
) -> None:
    async with staged() as stage:
        await stage.ask()
        newsroom.failure = ArchiveError("The disk is gone.")
        await stage.ask()
        await cog_of(stage)._beat()
        said = newsroom.published[-1]
    assert (said.answers, said.refusals, said.faults, said.servers) == (1, 1, 0, 1)
    assert said.connected_since is not None
    assert said.offline_since is None
    assert said.median_ms == said.p95_ms is not None
    assert (said.hour, said.last_answer is None) == (1, False)
    async with asyncio.timeout(10):
        while newsroom.published:  # noqa: ASYNC110  # what is waited for sets no event
            await asyncio.sleep(0.01)


async def test_the_manager_hears_that_the_bot_is_ready_alive_and_stopping(
    staged: Staged, listener: Listener, manager: ServiceManager
) -> None:
    async with staged(manager=manager) as stage:
        assert "READY=1" in heard(listener)
        await cog_of(stage)._beat()
        assert listener.hear()[0] == "WATCHDOG=1"
        await stage.bot.drain(1.0)
        assert listener.hear() == ["STOPPING=1"]


async def test_an_archive_that_cannot_be_read_leaves_the_beat_out(
    staged: Staged, listener: Listener, manager: ServiceManager, newsroom: FakeNewsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        message = "The disk is gone."
        raise ArchiveError(message)

    async with staged(manager=manager) as stage:
        heard(listener)
        monkeypatch.setattr(newsroom, "examine", broken)
        await cog_of(stage)._beat()
        assert heard(listener) == []
        monkeypatch.undo()
        await cog_of(stage)._beat()
        assert heard(listener) == ["WATCHDOG=1"]


async def test_a_look_that_hangs_leaves_the_beat_out_and_the_loop_alive(
    staged: Staged, listener: Listener, manager: ServiceManager, newsroom: FakeNewsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    async with staged(manager=manager) as stage:
        heard(listener)
        monkeypatch.setattr(newsroom, "examine", lambda *_: gate.wait(10))
        monkeypatch.setattr(cog_of(stage), "_every", 0.1)
        await cog_of(stage)._beat()
        await cog_of(stage)._beat()
        assert heard(listener) == []
        assert "delegation" in text_of(await stage.ask())
        monkeypatch.undo()
        gate.set()
        await cog_of(stage)._beat()
        assert heard(listener) == ["WATCHDOG=1"]


async def test_a_disk_that_cannot_be_written_is_told_once_and_the_beat_goes_on(
    staged: Staged,
    newsroom: FakeNewsroom,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    def full(_: object) -> None:
        message = "The disk is full."
        raise ArchiveFull(message)

    listener = Listener(str(tmp_path / "notify"))
    async with staged(manager=ServiceManager(str(tmp_path / "notify"))) as stage:
        heard(listener)
        monkeypatch.setattr(newsroom, "publish", full)
        for _ in range(3):
            await cog_of(stage)._beat()
        assert heard(listener) == ["WATCHDOG=1"] * 3
    listener.close()
    assert [record.message for record in caplog.records if "vitals" in record.message] == [
        "The vitals cannot be written: The disk is full."
    ]


async def test_the_log_tells_all_of_it_once_a_day_and_a_full_disk_at_once(
    staged: Staged, newsroom: FakeNewsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def told(level: int) -> list[str]:
        return [
            record.message
            for record in caplog.records
            if (record.name, record.levelno) == ("bot.background.heartbeat", level)
        ]

    caplog.set_level(logging.INFO, "bot.background.heartbeat")
    newsroom.warm_up = Future()
    async with staged() as stage:
        await cog_of(stage)._beat()
        assert told(logging.INFO) == []
        newsroom.warm_up.set_result(None)
        for _ in range(3):
            await cog_of(stage)._beat()
        assert len(told(logging.INFO)) == 1
        assert told(logging.INFO)[0].startswith("Status: well; version 0.1.0; 1 servers; connected since ")
        newsroom.disk = DiskRoom(50_000_000, 600_000_000)
        for _ in range(3):
            await cog_of(stage)._beat()
        assert len(told(logging.WARNING)) == 1
        assert stage.bot.service.low_disk == newsroom.disk
        monkeypatch.setattr(heartbeat, "_DAY_SECONDS", 0.0)
        await cog_of(stage)._beat()
        assert len(told(logging.INFO)) == 2


async def test_a_lost_connection_is_told_from_its_beginning(staged: Staged, newsroom: FakeNewsroom) -> None:
    async with staged() as stage:
        cog = cog_of(stage)
        await cog.on_disconnect()
        await cog._beat()
        lost = newsroom.published[-1]
        assert (lost.connected_since, lost.offline_since is None) == (None, False)
        await cog.on_disconnect()
        await cog._beat()
        assert newsroom.published[-1].offline_since == lost.offline_since
        await cog.on_resumed()
        await cog._beat()
        assert newsroom.published[-1].offline_since is None
        assert newsroom.published[-1].connected_since is not None


async def test_a_model_that_cannot_be_loaded_is_told(staged: Staged, newsroom: FakeNewsroom) -> None:
    newsroom.warm_up = Future()
    newsroom.warm_up.set_exception(ArchiveError("There is no model."))
    async with staged() as stage:
        await cog_of(stage)._beat()
        assert newsroom.published[-1].trouble == "There is no model."


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ServiceManager()),
        ({"NOTIFY_SOCKET": ""}, ServiceManager()),
        ({"NOTIFY_SOCKET": "/run/n", "WATCHDOG_USEC": "120000000"}, ServiceManager("/run/n", 120.0)),
        ({"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": str(os.getpid())}, ServiceManager(None, 2.0)),
        ({"WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "1"}, ServiceManager()),
        ({"WATCHDOG_USEC": "soon"}, ServiceManager()),
    ],
)
def test_the_service_manager_is_the_environment_s(environment: dict[str, str], expected: ServiceManager) -> None:
    assert ServiceManager.of_environment(environment) == expected


def test_an_abstract_socket_is_reached_too() -> None:
    name = f"pullquote-test-{os.getpid()}"
    listener = Listener(f"\0{name}")
    ServiceManager(f"@{name}").ready()
    assert listener.hear() == ["READY=1"]
    listener.close()


def test_a_manager_that_does_not_listen_is_no_trouble(tmp_path: Path) -> None:
    ServiceManager(str(tmp_path / "nobody")).alive("well")
    replace(ServiceManager(), address="@nobody-listens-here").stopping()


def test_the_beat_keeps_a_third_of_the_watchdog_s_time(newsroom: FakeNewsroom) -> None:
    def every(seconds: float | None) -> float:
        service: Any = type("Service", (), {"newsroom": newsroom, "started": None})
        return Heartbeat(service, None, ServiceManager(None, seconds))._every  # type: ignore[arg-type]

    assert (every(None), every(120.0), every(30.0)) == (20.0, 20.0, 10.0)


@pytest.mark.parametrize("is_preview", [False, True])
async def test_a_preview_says_that_it_is_one(staged: Staged, newsroom: FakeNewsroom, *, is_preview: bool) -> None:
    async with staged(is_preview=is_preview) as stage:
        await cog_of(stage)._beat()
        assert newsroom.published[-1].preview is is_preview


async def test_another_bot_that_stays_is_said_once_and_one_that_leaves_is_not(
    staged: Staged, newsroom: FakeNewsroom, caplog: pytest.LogCaptureFixture
) -> None:
    async with staged() as stage:
        for alone in (*[False] * 4, True, *[False] * 4):
            newsroom.alone = alone
            await cog_of(stage)._beat()
        assert "Another bot, or a preview" not in caplog.text
        for _ in range(9):
            await cog_of(stage)._beat()
    assert caplog.text.count("Another bot, or a preview, runs on the same archive") == 1


async def test_a_preview_beside_another_bot_says_so_at_once(
    staged: Staged, newsroom: FakeNewsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.alone = False
    async with staged(is_preview=True) as stage:
        await cog_of(stage)._beat()
        await cog_of(stage)._beat()
    assert caplog.text.count("Another bot, or a preview, runs on the same archive") == 1
