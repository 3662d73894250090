"""The embedder that runs any SentenceTransformer model, on the CPU, by torch.

torch is imported by `warm_up`, never before: importing this module is cheap. One thread serves a query: two on a busy
machine were measured thirty times slower.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.adapters.model_folder import describe_model
from retrieval.domain import QueryEmbedding
from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

    from retrieval.domain import EmbeddingSpec, FloatArray

_BATCH = 8
"""Texts embedded under one hold of the lock: a question waits for no more than these."""


class SentenceTransformerEmbedder:
    """An `Embedder` over a package, folder or hub name. Raises ModelUnavailable where there is no such model."""

    def __init__(self, model: str, revision: str | None = None) -> None:
        self._folder, self._spec = describe_model(model, revision)
        self._model: SentenceTransformer | None = None
        self._lock = threading.Lock()  # tokenizers refuse to be borrowed by two threads at once

    @property
    def spec(self) -> EmbeddingSpec:
        """What makes the vectors, read from the model's files."""
        return self._spec

    def warm_up(self) -> None:
        """Import torch and load the model, once (8 to 10 s the first time on a small machine)."""
        with self._lock:
            self._loaded()

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32, of length one, in the order of the n texts."""
        vectors = np.empty((len(texts), self._spec.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = [self._spec.passage_prefix + text for text in texts[start : start + _BATCH]]
            with self._lock:
                encoded = self._loaded().encode(batch, prompt="", normalize_embeddings=True, show_progress_bar=False)
            vectors[start : start + len(batch)] = encoded
        return vectors

    def embed_query(self, text: str) -> QueryEmbedding:
        """The question's vector (d,), its t token vectors (t, d) and ids (t,), special tokens included."""
        with self._lock:
            encoded: Any = self._loaded().encode(
                [self._spec.query_prefix + text], prompt="", output_value=None, show_progress_bar=False
            )
        features = encoded[0]
        vector = features["sentence_embedding"].numpy().astype(np.float32)
        length = int(features["attention_mask"].sum())
        return QueryEmbedding(
            vector=vector / max(float(np.linalg.norm(vector)), 1e-12),
            token_vectors=features["token_embeddings"].numpy()[:length].astype(np.float32),
            token_ids=features["input_ids"].numpy()[:length].astype(np.int64),
        )

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            self._model = self._load()
        return self._model

    def _load(self) -> SentenceTransformer:
        import torch  # noqa: PLC0415  # seconds and hundreds of megabytes: only when a model is really wanted
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

        torch.set_num_threads(1)
        disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers annotates it not at all
        try:
            model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            message = f"The model in {self._folder} cannot be loaded: {error}"
            raise ModelUnavailable(message) from error
        dimension = model.get_embedding_dimension()
        if dimension != self._spec.dimension:
            message = f"The model {self._spec.label} makes vectors of {dimension}, but says {self._spec.dimension}."
            raise ModelUnavailable(message)
        return model
