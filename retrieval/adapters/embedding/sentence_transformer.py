"""The embedder for any SentenceTransformer model, by torch on the CPU.

torch is imported by `warm_up`: importing this module is cheap. One thread serves a query: on a busy machine two were
thirty times slower.
"""

from __future__ import annotations

import importlib.util
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import numpy as np
from typing_extensions import override

from retrieval.adapters.embedding.model_folder import describe_model
from retrieval.adapters.embedding.onnx.bert_graph import change_names
from retrieval.adapters.embedding.token_embedder import TokenEmbedder, places_behind
from retrieval.domain.embeddings import PassageEmbedding, QueryEmbedding
from retrieval.domain.fair_lock import FairLock
from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sentence_transformers import SentenceTransformer

    from retrieval.adapters.embedding.token_embedder import LowRankChange
    from retrieval.domain.embeddings import FloatArray, IntArray


def installed() -> bool:
    """Whether sentence-transformers is installed; nothing is imported."""
    return importlib.util.find_spec("sentence_transformers") is not None


class SentenceTransformerEmbedder(TokenEmbedder):
    """An `Embedder` over a package, folder or hub name. Raises ModelUnavailable where it or its library is missing."""

    def __init__(self, model: str, revision: str | None = None) -> None:
        if not installed():
            raise ModelUnavailable("model.torch_runtime_missing")
        self._folder, self._spec = describe_model(model, revision)
        self._model: SentenceTransformer | None = None
        self._lock = FairLock()  # a tokenizer serves one thread at a time

    def warm_up(self) -> None:
        """Import torch and load the model, once: up to 10 s on a small machine."""
        with self._lock.held():
            self._loaded()

    @override
    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        """Vector (d,), token vectors (t, d) and places of each text, in order. Questions wait for one text at most."""
        for text in texts:
            with self._lock.held():
                embedding = self._embed(text, self._spec.passage_prefix)
            yield embedding

    @override
    def token_ids(self, text: str) -> list[int]:
        """See `TokenEmbedder.token_ids`."""
        with self._lock.held(first=True):
            model = self._loaded()
            ids: list[int] = model.tokenizer(
                text, add_special_tokens=False, truncation=True, max_length=model.max_seq_length
            )["input_ids"]
        return ids

    @property
    @override
    def special_ids(self) -> tuple[int, int]:
        """See `TokenEmbedder.special_ids`."""
        with self._lock.held(first=True):
            first, last = self._loaded().tokenizer("")["input_ids"]
        return first, last

    @override
    def changed_states(self, ids: IntArray, second: int, change: LowRankChange) -> FloatArray:
        """See `TokenEmbedder.changed_states`."""
        with self._lock.held(first=True):
            return changed_states(self._loaded()[0].auto_model, ids, second, change)

    def embed_query(self, text: str) -> QueryEmbedding:
        """The question's vector (d,), and vectors (t, d), ids (t,) and places of its t tokens, with special ones."""
        with self._lock.held(first=True):
            ids = self._encoding([self._spec.query_prefix + text])["input_ids"][0]
            embedding = self._embed(text, self._spec.query_prefix)
        return QueryEmbedding(
            vector=embedding.vector,
            token_vectors=embedding.token_vectors,
            token_ids=np.array(ids, dtype=np.int64),
            token_places=embedding.token_places,
        )

    def _embed(self, text: str, prefix: str) -> PassageEmbedding:
        """Embed one text, with the lock held; places count from behind the prefix."""
        prefixed = [prefix + text]
        (features,) = self._loaded().encode(prefixed, prompt="", output_value=None, show_progress_bar=False)
        (places,) = self._encoding(prefixed)["offset_mapping"]
        return _embedding(features, places_behind(places, len(prefix)))

    def _encoding(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - a mapping of the tokenizers library
        """Token ids and places of each text, truncated as by the model."""
        model = self._loaded()
        return model.tokenizer(
            list(texts), truncation=True, max_length=model.max_seq_length, return_offsets_mapping=True
        )

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            self._model = self._load()
        return self._model

    def _load(self) -> SentenceTransformer:
        import torch  # noqa: PLC0415  # seconds and hundreds of megabytes: only to load a model
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415
        from threadpoolctl import threadpool_limits  # noqa: PLC0415
        from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

        torch.set_num_threads(1)
        threadpool_limits(1, user_api="blas")  # for numpy too: a question's products are too small for two threads
        disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers has no annotation for it
        try:
            model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelUnavailable("model.unloadable", folder=self._folder, cause=error) from error
        dimension = model.get_embedding_dimension()
        if dimension != self._spec.dimension:
            raise ModelUnavailable(
                "model.wrong_dimension", model=self._spec.label, actual=dimension, stated=self._spec.dimension
            )
        return model


def changed_states(bert: Any, ids: IntArray, second: int, change: LowRankChange) -> FloatArray:  # noqa: ANN401 - untyped
    """`TokenEmbedder.changed_states` for a BERT of transformers."""
    import torch  # noqa: PLC0415

    def grown(down: Any, up: Any) -> Any:  # noqa: ANN401
        return lambda _, inputs, output: output + inputs[0] @ down.T @ up.T

    layers = {name: torch.from_numpy(matrix) for name, matrix in change.layers.items()}
    with torch.inference_mode(), ExitStack() as hooks:
        for name, module in bert.named_modules():
            down, up = change_names(name)
            if down in layers:
                hooks.callback(module.register_forward_hook(grown(layers[down], layers[up])).remove)
        words = bert.embeddings.word_embeddings(torch.from_numpy(ids)[None])
        words[:, second:] += torch.from_numpy(change.second_segment)
        states: FloatArray = bert(inputs_embeds=words).last_hidden_state[0].numpy()
    return states


def _embedding(features: Any, places: tuple[tuple[int, int], ...]) -> PassageEmbedding:  # noqa: ANN401 - untyped
    """The result of sentence-transformers for one text, without padding."""
    vector = features["sentence_embedding"].numpy().astype(np.float32)
    return PassageEmbedding(
        vector=vector / max(float(np.linalg.norm(vector)), 1e-12),
        token_vectors=features["token_embeddings"].numpy()[: len(places)].astype(np.float32),
        token_places=places,
    )
