"""The contract of the port `Embedder`: what each keeps, whatever runs the model. The tests' stand-in keeps it too."""

from __future__ import annotations

import statistics
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from retrieval.adapters.embedding import sentence_transformer
from retrieval.adapters.embedding.onnx import embedder as onnx_embedder
from retrieval.adapters.embedding.onnx.embedder import OnnxEmbedder
from retrieval.adapters.embedding.sentence_transformer import SentenceTransformerEmbedder
from tests.support.fakes import HashingEmbedder
from tests.support.tiny_model import tiny_model

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.ports import Embedder

TEXTS = (
    "The bridge was closed.",
    "Why was the mayor’s vote closed?",
    "",
    "  \n\t ",
    "😀 unknown wörds, 中文",
    "the " * 400,
    "A councils vote: “the mayor voted”",
    "\x00\u202e",
    "a",
    "the bridge was closed.",
)
TORCH = pytest.param(
    SentenceTransformerEmbedder,
    marks=pytest.mark.skipif(not sentence_transformer.installed(), reason="sentence-transformers is not installed"),
)
ONNX = pytest.param(
    OnnxEmbedder, marks=pytest.mark.skipif(not onnx_embedder.installed(), reason="onnxruntime is not installed")
)


@pytest.fixture(scope="module", params=[HashingEmbedder, TORCH, ONNX])
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    """Whatever stands here has to keep the whole contract."""
    if request.param is HashingEmbedder:
        return HashingEmbedder()
    folder: Path = tiny_model(tmp_path_factory.mktemp("model"), prompts={"query": "query: ", "passage": "a "})
    made: Embedder = request.param(str(folder))
    return made


def test_spec_is_known_before_the_model_is_loaded_and_stays(embedder: Embedder) -> None:
    before = embedder.spec
    embedder.warm_up()
    embedder.warm_up()

    assert embedder.spec == before
    assert embedder.embed_passages(TEXTS).shape == (len(TEXTS), before.dimension)


def test_vectors_are_finite_and_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)

    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)


def test_vectors_come_in_the_order_of_the_texts_and_know_nothing_of_each_other(embedder: Embedder) -> None:
    together = embedder.embed_passages(TEXTS)
    alone = [embedder.embed_passages([text])[0] for text in TEXTS]

    assert together == pytest.approx(np.stack(alone), abs=1e-5)
    assert np.abs(together[0] - together[1]).max() > 0.01  # or the order could not be seen


def test_no_texts_have_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.spec.dimension)
    assert list(embedder.embed_tokens([])) == []


def test_tokens_come_with_the_same_vector_as_without(embedder: Embedder) -> None:
    with_tokens = [embedding.vector for embedding in embedder.embed_tokens(TEXTS)]

    assert np.stack(with_tokens) == pytest.approx(embedder.embed_passages(TEXTS), abs=1e-5)


def test_places_are_where_the_tokens_stand_in_the_text_without_its_prefix(embedder: Embedder) -> None:
    text = "The bridge was closed."
    (passage,) = embedder.embed_tokens([text])
    query = embedder.embed_query(text)

    for embedded in (passage, query):
        assert embedded.token_vectors.shape == (len(embedded.token_places), embedder.spec.dimension)
        assert embedded.token_vectors.dtype == np.float32
        words = [text[start:end] for start, end in embedded.token_places if end]
        assert words[:4] == ["The", "bridge", "was", "closed"]


def test_places_stay_within_the_text_and_in_its_order(embedder: Embedder) -> None:
    for text, embedding in zip(TEXTS, embedder.embed_tokens(TEXTS), strict=True):
        places = [place for place in embedding.token_places if place != (0, 0)]
        assert places == sorted(places)
        assert all(0 <= start < end <= len(text) for start, end in places)


def test_a_question_has_as_many_ids_as_places_and_vectors(embedder: Embedder) -> None:
    for text in TEXTS:
        embedding = embedder.embed_query(text)
        assert embedding.vector.shape == (embedder.spec.dimension,)
        assert float(np.linalg.norm(embedding.vector)) == pytest.approx(1, abs=1e-5)
        assert embedding.token_ids.dtype == np.int64
        assert len(embedding.token_ids) == len(embedding.token_places) == len(embedding.token_vectors) > 0


def test_the_same_text_has_the_same_vector_bit_for_bit(embedder: Embedder) -> None:
    for text in TEXTS:
        first, second = embedder.embed_query(text), embedder.embed_query(text)
        assert first.vector.tobytes() == second.vector.tobytes()
        assert first.token_vectors.tobytes() == second.token_vectors.tobytes()


def test_many_threads_get_what_one_gets(embedder: Embedder) -> None:
    alone = [embedder.embed_query(text).vector for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        asked = [(text, pool.submit(embedder.embed_query, text)) for text in TEXTS * 8]
        embedded = [pool.submit(embedder.embed_passages, TEXTS) for _ in range(4)]

    for text, future in asked:
        assert future.result().vector == pytest.approx(alone[TEXTS.index(text)], abs=1e-6)
    assert all(vectors.result().shape == (len(TEXTS), embedder.spec.dimension) for vectors in embedded)


def test_a_question_waits_for_a_passage_or_two_and_not_for_the_article(embedder: Embedder) -> None:
    embedder.warm_up()
    done, stop = [0], threading.Event()

    def add() -> None:
        while not stop.is_set():
            for _ in embedder.embed_tokens(["the mayor voted " * 130] * 24):
                done[0] += 1

    adding = [threading.Thread(target=add, daemon=True) for _ in range(2)]
    for thread in adding:
        thread.start()
    meanwhile = []
    for _ in range(40):
        before = done[0]
        embedder.embed_query("why was the bridge closed")
        meanwhile.append(done[0] - before)
    stop.set()
    for thread in adding:
        thread.join(20)
    assert statistics.median(meanwhile) <= 4, meanwhile
