"""Reads a SentenceTransformer folder for the light runtime, and refuses models that it cannot run.

It runs a BERT whose weights are one file of float32, pooled by the mean of the token vectors or the first of them: most
small English models are that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from retrieval.adapters.embedding.model_folder import read_json, read_modules
from retrieval.adapters.embedding.onnx.bert_graph import WORDS, BertShape, bert_graph, bert_shape, tensor_of
from retrieval.adapters.embedding.onnx.stored_tensors import StoredTensor, read_tensors
from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from retrieval.domain.embeddings import EmbeddingSpec

_WEIGHTS: Final = "model.safetensors"
_STEPS: Final = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])


class Pooling(StrEnum):
    """How token vectors become one."""

    MEAN = "mean"
    FIRST = "cls"


@dataclass(frozen=True, slots=True)
class LightModel:
    """A model folder: the network, its pooling, and the place of the word embeddings."""

    folder: Path
    shape: BertShape
    tensors: Mapping[str, StoredTensor]
    pooling: Pooling
    longest: int
    """Tokens that are read of a text, special ones included."""
    rows_at: int
    """The byte of the weights' file at which the word embeddings begin, rows of `shape.width` floats."""

    @property
    def weights(self) -> Path:
        """The file of all weights."""
        return self.folder / _WEIGHTS

    def network(self) -> bytes:
        """The network in ONNX's format, pointing into the weights. Raises ModelUnavailable."""
        return bert_graph(self.shape, self.tensors, _WEIGHTS)


def read_light_model(folder: Path, spec: EmbeddingSpec) -> LightModel:
    """Read the model in a folder. Raises ModelUnavailable with the reason where the light runtime cannot run it."""
    shape = bert_shape(read_json(folder / "config.json"))
    tensors = read_tensors(folder / _WEIGHTS)
    if shape.width != spec.dimension:
        raise ModelUnavailable("model.wrong_dimension", model=spec.label, actual=shape.width, stated=spec.dimension)
    return LightModel(
        folder=folder,
        shape=shape,
        tensors=tensors,
        pooling=_pooling(folder, prefixed=bool(spec.passage_prefix or spec.query_prefix)),
        longest=_longest(folder, shape),
        rows_at=tensor_of(tensors, WORDS, shape.vocabulary, shape.width).start,
    )


def _pooling(folder: Path, *, prefixed: bool) -> Pooling:
    modules = read_modules(folder)
    steps = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    if steps not in _STEPS or modules[0].get("path"):
        raise ModelUnavailable("model.unknown_steps", steps=", ".join(steps))
    config = read_json(folder / str(modules[1].get("path", "")) / "config.json")
    mode = config.get("pooling_mode") or _modes(config)
    if mode not in tuple(Pooling) or (prefixed and config.get("include_prompt") is False):
        raise ModelUnavailable("model.unknown_pooling", mode=mode)
    return Pooling(str(mode))


def _modes(config: Mapping[str, object]) -> str:
    """The pooling as older folders name it, a key for each mode: `pooling_mode_mean_tokens`."""
    modes = [name.split("_")[2] for name, value in config.items() if name.startswith("pooling_mode_") and value]
    return " and ".join(modes)


def _longest(folder: Path, shape: BertShape) -> int:
    """The least of the limits that the folder names."""
    limits = (
        read_json(folder / "sentence_bert_config.json").get("max_seq_length"),
        read_json(folder / "tokenizer_config.json").get("model_max_length"),
    )
    return min([limit for limit in limits if isinstance(limit, int) and limit > 0] + [shape.positions])
