"""The light embedder: a BERT sentence model by ONNX Runtime and `tokenizers` on the CPU, without torch.

It reads the same folder as sentence-transformers, without any exported file: `bert_graph` writes the network at each
start, in milliseconds, and points into the model's own weights. Vectors equal those of torch but for rounding, so the
`spec` is the same, and each reads the other's archives. Refuses models that are no BERT, or that pool otherwise than by
the mean of the tokens or the first. Both libraries are imported by `warm_up`.
"""

from __future__ import annotations

import importlib.util
import os
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from typing_extensions import override

from retrieval.adapters.embedding.model_folder import describe_model
from retrieval.adapters.embedding.onnx.bert_graph import INPUT, OUTPUT, RANK
from retrieval.adapters.embedding.onnx.light_model import Pooling, read_light_model
from retrieval.adapters.embedding.token_embedder import TokenEmbedder, places_behind
from retrieval.adapters.system.malloc_trim import malloc_trim
from retrieval.domain.embeddings import PassageEmbedding, QueryEmbedding
from retrieval.domain.fair_lock import FairLock
from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

    from retrieval.adapters.embedding.onnx.light_model import LightModel
    from retrieval.adapters.embedding.token_embedder import LowRankChange
    from retrieval.domain.embeddings import FloatArray, IntArray


def installed() -> bool:
    """Whether ONNX Runtime and `tokenizers` are installed; nothing is imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))


class OnnxEmbedder(TokenEmbedder):
    """An `Embedder` over a package, folder or hub name. Raises ModelUnavailable where it or a library is missing."""

    def __init__(self, model: str, revision: str | None = None) -> None:
        if not installed():
            raise ModelUnavailable("model.light_runtime_missing")
        folder, self._spec = describe_model(model, revision)
        self._model = read_light_model(folder, self._spec)
        self._loaded_model: _LoadedModel | None = None
        self._lock = threading.Lock()
        self._passages = FairLock()

    def warm_up(self) -> None:
        """Load the model, once: a third of a second."""
        self._loaded()

    @override
    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        """Vector (d,), token vectors (t, d) and places of each text, in order.

        Passages of all articles take turns on one core; questions wait for none of them.
        """
        for text in texts:
            with self._passages.held():
                embedding, _ = self._embed(text, self._spec.passage_prefix)
            yield embedding
        malloc_trim()

    @override
    def token_ids(self, text: str) -> list[int]:
        """See `TokenEmbedder.token_ids`."""
        ids: list[int] = self._loaded().tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    @property
    @override
    def special_ids(self) -> tuple[int, int]:
        """See `TokenEmbedder.special_ids`."""
        first, last = self._loaded().tokenizer.encode("").ids
        return first, last

    @override
    def changed_states(self, ids: IntArray, second: int, change: LowRankChange) -> FloatArray:
        """See `TokenEmbedder.changed_states`."""
        model = self._loaded()
        words = model.table.rows(ids).copy()
        words[second:] += change.second_segment
        return model.states(words, change.layers)

    def embed_query(self, text: str) -> QueryEmbedding:
        """The question's vector (d,), and vectors (t, d), ids (t,) and places of its t tokens, with special ones."""
        embedding, ids = self._embed(text, self._spec.query_prefix)
        return QueryEmbedding(embedding.vector, embedding.token_vectors, ids, embedding.token_places)

    def _embed(self, text: str, prefix: str) -> tuple[PassageEmbedding, IntArray]:
        """Embed one text, with its token ids; places count from behind the prefix."""
        model = self._loaded()
        encoding = model.tokenizer.encode(prefix + text)
        ids = np.array(encoding.ids, dtype=np.int64)
        tokens = model.vectors(ids)
        pooled = tokens[0] if self._model.pooling is Pooling.FIRST else tokens.mean(axis=0)
        vector = pooled / max(float(np.linalg.norm(pooled)), 1e-12)
        return PassageEmbedding(vector, tokens, places_behind(encoding.offsets, len(prefix))), ids

    def _loaded(self) -> _LoadedModel:
        with self._lock:
            if self._loaded_model is None:
                self._loaded_model = _load(self._model)
            return self._loaded_model


@dataclass(frozen=True, slots=True)
class _LoadedModel:
    """The loaded model; both libraries serve several threads at once."""

    tokenizer: Tokenizer
    session: Any
    """onnxruntime.InferenceSession, which has no types."""
    table: _WordTable
    unchanged: Mapping[str, FloatArray]
    """Changes of rank 0 for every layer."""

    def vectors(self, ids: IntArray) -> FloatArray:
        """(t, d) vectors of t tokens, each in the context of the others."""
        return self.states(self.table.rows(ids), {})

    def states(self, words: FloatArray, layers: Mapping[str, FloatArray]) -> FloatArray:
        """(t, d) vectors for t word embeddings, by the model with `layers` changed."""
        states: FloatArray = self.session.run([OUTPUT], {**self.unchanged, **layers, INPUT: words})[0]
        return states


class _WordTable:
    """The word embeddings in the model's file. A text needs few of the rows, so the table is never in memory.

    The system's cache of files holds the frequent rows, and gives way where memory is short.
    """

    def __init__(self, file: Path, start: int, width: int) -> None:
        self._name = file
        self._file = os.open(file, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)
        self._start = start
        self._width = width

    def rows(self, ids: IntArray) -> FloatArray:
        """(t, d) rows of t ids. Raises ModelUnavailable where the file has been truncated since it was opened."""
        size = 4 * self._width
        read = b"".join(os.pread(self._file, size, self._start + size * id_) for id_ in ids.tolist())
        if len(read) != size * len(ids):
            raise ModelUnavailable("model.weights_cut", file=self._name)
        return np.frombuffer(read, dtype="<f4").reshape(len(ids), self._width)


def _load(model: LightModel) -> _LoadedModel:
    session = _session(model.network(), model.folder)
    changes = {side.name: side.shape for side in session.get_inputs() if side.name != INPUT}
    return _LoadedModel(
        tokenizer=_tokenizer(model.folder / "tokenizer.json", model),
        session=session,
        table=_WordTable(model.weights, model.rows_at, model.shape.width),
        unchanged={
            name: np.zeros([0 if size == RANK else size for size in shape], np.float32)
            for name, shape in changes.items()
        },
    )


def _tokenizer(file: Path, model: LightModel) -> Tokenizer:
    from tokenizers import Tokenizer  # noqa: PLC0415  # megabytes: only to load a model

    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # the library raises nothing narrower
        raise ModelUnavailable("model.file_broken", file=file, cause=error) from error
    if tokenizer.get_vocab_size() > model.shape.vocabulary:
        raise ModelUnavailable("model.too_many_words", file=file)
    tokenizer.enable_truncation(model.longest)  # the file's own limit is another program's
    tokenizer.no_padding()
    return tokenizer


def _session(network: bytes, folder: Path) -> Any:  # noqa: ANN401 - a library without types
    """A session with one thread, which frees a text's memory at once: 20 MB for a passage."""
    import onnxruntime  # noqa: PLC0415  # tens of megabytes: only to load a model
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    threadpool_limits(1, user_api="blas")  # for numpy: a question's products are too small for two threads
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3  # errors only
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder.resolve()))
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
