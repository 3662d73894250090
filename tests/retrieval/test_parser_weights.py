"""The parser's model package is held against a known checksum before any of it is used."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters import spacy_parser
from retrieval.adapters.extraction import worker
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.sandbox.worker_protocol import draft_request
from retrieval.domain.articles import Draft
from retrieval.errors import ModelUnavailable
from retrieval.reading import read_article

if TYPE_CHECKING:
    from pathlib import Path

SAID = "install the package again"
ARTICLE = Draft("“It rains in Port Selby,” Ana Costa said. The harbour was closed for the day.")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model package, trusted as it is."""
    folder = tmp_path / "made_up_model"
    (folder / "weights").mkdir(parents=True)
    (folder / "__init__.py").write_text("def load():\n    return None\n")
    (folder / "weights" / "model").write_bytes(b"\0\1\2")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(spacy_parser.TRUSTED, "made_up_model", spacy_parser.checksum("made_up_model"))
    return folder


def test_the_model_that_is_installed_is_the_trusted_one() -> None:
    if not spacy_parser.installed():
        pytest.skip("spaCy or its model is not installed")
    assert spacy_parser.checksum(spacy_parser.MODEL) == spacy_parser.TRUSTED[spacy_parser.MODEL]


@pytest.mark.parametrize(
    ("name", "content"), [("weights/model", b"\0\1\3"), ("__init__.py", b"raise SystemExit\n"), ("weights/more", b"")]
)
def test_a_package_that_was_changed_is_refused_before_it_is_imported(package: Path, name: str, content: bytes) -> None:
    (package / name).write_bytes(content)

    with spacy_parser.SpacyParser("made_up_model") as parser, pytest.raises(ModelUnavailable, match=SAID):
        parser.parse("It rains.")
    assert "made_up_model" not in sys.modules


def test_what_python_compiles_of_a_package_does_not_count(package: Path) -> None:
    before = spacy_parser.checksum("made_up_model")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"compiled")

    assert spacy_parser.checksum("made_up_model") == before


def test_the_worker_says_why_it_does_not_parse_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    if not spacy_parser.installed():
        pytest.skip("spaCy or its model is not installed")
    monkeypatch.setitem(spacy_parser.TRUSTED, spacy_parser.MODEL, "0" * 64)
    monkeypatch.setattr(worker, "allow_time", lambda _: None)
    answers, request = io.BytesIO(), draft_request(ARTICLE, by_rules=False)
    worker.serve(spacy_parser.SpacyParser().parse, io.BytesIO(request * 2), answers)

    ready, *answered = map(json.loads, answers.getvalue().splitlines())
    assert ready == {}
    assert [SAID in answer["failed"] for answer in answered] == [True, True]


def test_what_the_worker_says_is_logged_and_the_rules_stand_in(caplog: pytest.LogCaptureFixture) -> None:
    with ArticleWorker(parses=True, module="tests.retrieval.no_parse") as worker_client:
        assert worker_client.read(ARTICLE) == read_article(ARTICLE)
    assert SAID in caplog.text
    assert "by rules" in caplog.text
