"""A BERT as an ONNX network whose weights stay in the model's own file.

Written by hand so that the weights need no second, exported file. One text at a time: (t, d) word embeddings of its t
tokens go in, (t, d) vectors come out, so nothing is padded or masked. The table of word embeddings, half of the file,
is no part of the network and so not in memory. After Devlin et al. 2019, as transformers implements it. Refuses other
kinds of model, and weights that do not fit the configuration.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.adapters.embedding.onnx import model_bytes
from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from retrieval.adapters.embedding.onnx.model_bytes import Attribute
    from retrieval.adapters.embedding.onnx.stored_tensors import StoredTensor

WORDS: Final = "embeddings.word_embeddings.weight"
INPUT, OUTPUT, RANK = "words", "tokens", "rank"

_FORM: Final[Mapping[str, object]] = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "position_embedding_type": "absolute",
}
"""Values that a model's configuration must have, where it has the keys."""


@dataclass(frozen=True, slots=True)
class BertShape:
    """The sizes of a BERT."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    kinds: int
    epsilon: float


def bert_shape(config: Mapping[str, object]) -> BertShape:
    """The sizes in a `config.json`. Raises ModelUnavailable for other models than the plain BERT."""
    other = [f"{name} is {config[name]!r}" for name, value in _FORM.items() if config.get(name, value) != value]
    names = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size")
    sizes = [config.get(name) for name in (*names, "max_position_embeddings", "type_vocab_size")]
    whole = [size for size in sizes if isinstance(size, int) and size > 0]
    if other or "model_type" not in config or len(whole) != len(sizes) or whole[0] % whole[2]:
        raise ModelUnavailable("model.no_bert", differences=", ".join(other) or "sizes unknown")
    epsilon = config.get("layer_norm_eps", 1e-12)
    width, layers, heads, inner, vocabulary, positions, kinds = whole
    return BertShape(
        width=width,
        layers=layers,
        heads=heads,
        inner=inner,
        vocabulary=vocabulary,
        positions=positions,
        kinds=kinds,
        epsilon=float(epsilon) if isinstance(epsilon, (int, float)) else 1e-12,
    )


def bert_graph(shape: BertShape, tensors: Mapping[str, StoredTensor], file: str) -> bytes:
    """The network in ONNX's format; `tensors` are those of `file`. Raises ModelUnavailable where one is missing."""
    return _Network(shape, tensors, file).written()


@dataclass
class _Network:
    shape: BertShape
    tensors: Mapping[str, StoredTensor]
    file: str
    nodes: list[bytes] = field(default_factory=list)
    constants: list[bytes] = field(default_factory=list)
    changes: list[bytes] = field(default_factory=list)

    def written(self) -> bytes:
        shape = self.shape
        self.constants += [
            model_bytes.constant("first", np.array([0])),
            model_bytes.constant("heads", np.array([0, shape.heads, shape.width // shape.heads])),
            model_bytes.constant("whole", np.array([0, shape.width])),
            model_bytes.constant("scale", np.array(1 / math.sqrt(shape.width // shape.heads), dtype=np.float32)),
        ]
        state = self._embedded()
        for layer in range(shape.layers):
            state = self._layer(state, f"encoder.layer.{layer}.")
        self._add("Identity", state, into=OUTPUT)
        size = ("tokens", shape.width)
        inputs = [model_bytes.shaped(INPUT, size), *self.changes]
        return model_bytes.model(self.nodes, self.constants, inputs, [model_bytes.shaped(OUTPUT, size)])

    def _embedded(self) -> str:
        """Word, position and token-type embeddings, the latter all of the first type."""
        width = self.shape.width
        rows = self._stored("embeddings.position_embeddings.weight", self.shape.positions, width)
        kinds = self._stored("embeddings.token_type_embeddings.weight", self.shape.kinds, width)
        length = self._add("Shape", INPUT, start=0, end=1)
        places = self._add("Slice", rows, "first", length)
        kind = self._add("Gather", kinds, "first")
        return self._normalised(self._add("Add", self._add("Add", INPUT, places), kind), "embeddings.LayerNorm")

    def _layer(self, state: str, name: str) -> str:
        width, inner = self.shape.width, self.shape.inner
        attended = self._linear(
            self._attention(state, name + "attention.self."), name + "attention.output.dense", width, width
        )
        state = self._normalised(self._add("Add", attended, state), name + "attention.output.LayerNorm")
        inner_state = self._add("Gelu", self._linear(state, name + "intermediate.dense", inner, width))
        transformed = self._linear(inner_state, name + "output.dense", width, inner)
        return self._normalised(self._add("Add", transformed, state), name + "output.LayerNorm")

    def _attention(self, state: str, name: str) -> str:
        width = self.shape.width
        query, key, value = (
            self._add("Reshape", self._linear(state, name + part, width, width), "heads")
            for part in ("query", "key", "value")
        )
        query = self._add("Mul", self._add("Transpose", query, perm=(1, 0, 2)), "scale")
        products = self._add("MatMul", query, self._add("Transpose", key, perm=(1, 2, 0)))
        weights = self._add("Softmax", products, axis=-1)
        mixed = self._add("MatMul", weights, self._add("Transpose", value, perm=(1, 0, 2)))
        return self._add("Reshape", self._add("Transpose", mixed, perm=(1, 0, 2)), "whole")

    def _linear(self, state: str, name: str, to: int, of: int) -> str:
        weight = self._stored(f"{name}.weight", to, of)
        down, up = change_names(name)
        self.changes += [model_bytes.shaped(down, (RANK, of)), model_bytes.shaped(up, (to, RANK))]
        unchanged = self._add("Gemm", state, weight, self._stored(f"{name}.bias", to), transB=1)
        return self._add("Gemm", self._add("Gemm", state, down, transB=1), up, unchanged, transB=1)

    def _normalised(self, state: str, name: str) -> str:
        weights = (self._stored(f"{name}.{part}", self.shape.width) for part in ("weight", "bias"))
        return self._add("LayerNormalization", state, *weights, axis=-1, epsilon=self.shape.epsilon)

    def _add(self, operator: str, *inputs: str, into: str = "", **attributes: Attribute) -> str:
        """Append an operator; returns the name of its output."""
        output = into or f"{operator}:{len(self.nodes)}"
        self.nodes.append(model_bytes.node(operator, inputs, output, **attributes))
        return output

    def _stored(self, name: str, *shape: int) -> str:
        tensor = tensor_of(self.tensors, name, *shape)
        self.constants.append(model_bytes.stored(name, shape, self.file, tensor.start, tensor.length))
        return name


def change_names(linear: str) -> tuple[str, str]:
    """The inputs that change a linear layer: input · downᵀ · upᵀ is added, with shapes (rank, in) and (out, rank)."""
    return f"{linear}.lora_A", f"{linear}.lora_B"


def tensor_of(tensors: Mapping[str, StoredTensor], name: str, *shape: int) -> StoredTensor:
    """The tensor of this name and shape. Raises ModelUnavailable without one."""
    tensor = tensors.get(name)
    if tensor is None or tensor.shape != shape:
        raise ModelUnavailable("model.without_tensor", name=name, shape=shape)
    return tensor
