"""The web of the tests, for whoever visits it; and an archive whose model is to be changed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from retrieval import reembedding
from retrieval.archive.opening import open_archive
from tests.retrieval.changes import NEW, OLD, Held, fill, settings_of
from tests.retrieval.web_server import LocalWeb, response, serving
from tests.retrieval.web_visits import STORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.settings import Settings
    from retrieval.archive.archive import Archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty one."""
    with open_archive(tmp_path / "news.sqlite3") as opened:
        yield opened


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


@pytest.fixture(scope="session")
def archive_by_old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose vectors the old model made."""
    path = tmp_path_factory.mktemp("by-old") / "news.sqlite3"
    fill(settings_of(path), OLD)
    return path


@pytest.fixture
def changing(tmp_path: Path, archive_by_old: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Those of a newsroom over a copy of it, which is to be changed; what waits for seconds waits for less."""
    for name in ("_LOOK_AGAIN", "_TRY_AGAIN", "_PATIENCE"):
        monkeypatch.setattr(reembedding, name, 0.05)
    shutil.copy(archive_by_old, tmp_path)
    return settings_of(tmp_path / archive_by_old.name)


@pytest.fixture
def held() -> Iterator[Held]:
    """The new model, which embeds as many passages as it is let."""
    model = Held(NEW)
    yield model
    model.free()
