"""The parser's model package is held against a known checksum before any of it is used."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters import parser_process, spacy_parse
from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from pathlib import Path

SAID = "install the package again"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model package, trusted as it is."""
    folder = tmp_path / "made_up_model"
    (folder / "weights").mkdir(parents=True)
    (folder / "__init__.py").write_text("def load():\n    return None\n")
    (folder / "weights" / "model").write_bytes(b"\0\1\2")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(spacy_parse.TRUSTED, "made_up_model", spacy_parse.checksum("made_up_model"))
    return folder


def test_the_model_that_is_installed_is_the_trusted_one() -> None:
    if not spacy_parse.installed():
        pytest.skip("spaCy or its model is not installed")
    assert spacy_parse.checksum(spacy_parse.MODEL) == spacy_parse.TRUSTED[spacy_parse.MODEL]


@pytest.mark.parametrize(
    ("name", "content"), [("weights/model", b"\0\1\3"), ("__init__.py", b"raise SystemExit\n"), ("weights/more", b"")]
)
def test_a_package_that_was_changed_is_refused_before_it_is_imported(package: Path, name: str, content: bytes) -> None:
    (package / name).write_bytes(content)

    with spacy_parse.SpacyParser("made_up_model") as parser, pytest.raises(ModelUnavailable, match=SAID):
        parser.parse("It rains.")
    assert "made_up_model" not in sys.modules


def test_what_python_compiles_of_a_package_does_not_count(package: Path) -> None:
    before = spacy_parse.checksum("made_up_model")
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "__init__.cpython-311.pyc").write_bytes(b"compiled")

    assert spacy_parse.checksum("made_up_model") == before


def test_the_child_says_why_it_does_not_parse_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    if not spacy_parse.installed():
        pytest.skip("spaCy or its model is not installed")
    monkeypatch.setitem(spacy_parse.TRUSTED, spacy_parse.MODEL, "0" * 64)
    answers = io.BytesIO()
    parser_process.serve(io.BytesIO(b'"It rains."\n"It pours."\n'), answers)

    ready, *told = map(json.loads, answers.getvalue().splitlines())
    assert ready == []
    assert [SAID in answer["failed"] for answer in told] == [True, True]


def test_what_the_child_says_is_logged_and_the_rules_stand_in(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if not spacy_parse.installed():
        pytest.skip("spaCy or its model is not installed")
    with parser_process.ParserProcess() as child:
        monkeypatch.setattr(child._child, "ask", lambda *_, **__: json.dumps({"failed": SAID}))
        assert child.parse("It rains.") is None
    assert SAID in caplog.text
    assert "by rules" in caplog.text
