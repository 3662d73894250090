"""Which engines the newsroom is built from, by the settings and by what is installed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from config.settings import EmbeddingRuntime, QuotationParser, Settings
from retrieval.adapters import spacy_parser
from retrieval.adapters.embedding import sentence_transformer
from retrieval.adapters.embedding.onnx import embedder as onnx_embedder
from retrieval.adapters.embedding.onnx.embedder import OnnxEmbedder
from retrieval.adapters.embedding.sentence_transformer import SentenceTransformerEmbedder
from retrieval.archive.archive import Archive
from retrieval.assembly import make_embedder, open_newsroom, open_worker
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveReadOnly, ModelUnavailable
from tests.support.articles import BRIDGE
from tests.support.fakes import HashingEmbedder
from tests.support.paths import SEEDS
from tests.support.tiny_model import tiny_model

if TYPE_CHECKING:
    from pathlib import Path

AUTO, TORCH, ONNX = EmbeddingRuntime.AUTO, EmbeddingRuntime.TORCH, EmbeddingRuntime.ONNX


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(tiny_model(tmp_path / "model"))


def set_up(model: str, runtime: EmbeddingRuntime) -> Settings:
    return Settings(_env_file=None, embedding_model=model, embedding_runtime=runtime)


def install(monkeypatch: pytest.MonkeyPatch, *, torch: bool = True, onnx: bool = True, spacy: bool = True) -> None:
    monkeypatch.setattr(sentence_transformer, "installed", lambda: torch)
    monkeypatch.setattr(onnx_embedder, "installed", lambda: onnx)
    monkeypatch.setattr(spacy_parser, "installed", lambda: spacy)


@pytest.mark.parametrize(
    ("runtime", "torch", "kind"),
    [
        (AUTO, True, SentenceTransformerEmbedder),
        (AUTO, False, OnnxEmbedder),
        (ONNX, True, OnnxEmbedder),
        (ONNX, False, OnnxEmbedder),
        (TORCH, True, SentenceTransformerEmbedder),
    ],
)
def test_the_light_runtime_is_used_where_it_is_wanted_or_the_only_one(
    model: str,
    monkeypatch: pytest.MonkeyPatch,
    runtime: EmbeddingRuntime,
    torch: bool,  # noqa: FBT001 - a column of the table
    kind: type,
) -> None:
    install(monkeypatch, torch=torch)

    assert type(make_embedder(set_up(model, runtime))) is kind


def test_an_archive_of_one_runtime_is_the_other_s_too(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)

    assert make_embedder(set_up(model, TORCH)).spec == make_embedder(set_up(model, ONNX)).spec


@pytest.mark.parametrize(
    ("runtime", "what"), [(TORCH, "sentence-transformers"), (ONNX, "onnxruntime"), (AUTO, "light")]
)
def test_a_runtime_that_is_not_installed_is_named(
    model: str, monkeypatch: pytest.MonkeyPatch, runtime: EmbeddingRuntime, what: str
) -> None:
    install(monkeypatch, torch=False, onnx=False)

    with pytest.raises(ModelUnavailable, match=what):
        make_embedder(set_up(model, runtime))


def test_where_spacy_is_not_installed_rules_do_and_the_log_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    install(monkeypatch, spacy=False)
    with caplog.at_level(logging.INFO), open_worker(Settings(_env_file=None)) as worker:
        assert not worker.parses

    assert caplog.messages == ["spaCy is not installed: quotations are found by rules"]


def test_rules_that_were_asked_for_are_nothing_to_speak_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    install(monkeypatch, spacy=False)
    settings = Settings(_env_file=None, quotation_parser=QuotationParser.RULES)
    with caplog.at_level(logging.INFO), open_worker(settings) as worker:
        assert not worker.parses

    assert caplog.messages == []


def test_spacy_parses_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)
    with open_worker(Settings(_env_file=None)) as worker:
        assert worker.parses


def test_seeds_are_for_a_new_archive_alone(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, archive_path=tmp_path / "a.sqlite3", seeds_path=tmp_path / "none")
    with open_newsroom(settings, HashingEmbedder()) as room:
        room.warm_up.result()
        room.importer.add(BRIDGE, SHARED)
    seeded = settings.model_copy(update={"seeds_path": SEEDS})
    with open_newsroom(seeded, HashingEmbedder(), needs_model=False) as room:
        room.warm_up.result()
        assert len(room.articles.entries(Scope())) == 1
    with open_newsroom(seeded.model_copy(update={"archive_path": tmp_path / "b.sqlite3"}), HashingEmbedder()) as room:
        room.warm_up.result()
        (seed,) = room.articles.entries(Scope())
        room.articles.remove(Scope(), seed.id)
    with open_newsroom(seeded.model_copy(update={"archive_path": tmp_path / "b.sqlite3"}), HashingEmbedder()) as room:
        room.warm_up.result()
        assert room.articles.entries(Scope()) == ()


def test_a_list_of_changes_that_cannot_be_shortened_is_no_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        message = "The archive cannot be written."
        raise ArchiveReadOnly(message)

    monkeypatch.setattr(Archive, "prune_changes", refuse)
    settings = Settings(_env_file=None, archive_path=tmp_path / "a.sqlite3", seeds_path=tmp_path / "none")
    with caplog.at_level(logging.INFO), open_newsroom(settings, HashingEmbedder()) as room:
        room.warm_up.result()
    said = [record for record in caplog.records if "cannot be written" in record.getMessage()]
    assert [record.levelno for record in said] == [logging.INFO]
