"""A sentence model of a few kilobytes, in the form of those that are published. It says noise, but always the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 4, 64, 20
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
WORDS = (
    "the",
    "bridge",
    "was",
    "closed",
    "vote",
    "council",
    "##s",
    "##ed",
    "query",
    ":",
    "?",
    ".",
    "why",
    "mayor",
    "a",
)
VOCABULARY = {word: number for number, word in enumerate(SPECIAL + WORDS)}

CONFIG: Mapping[str, object] = {
    "model_type": "bert",
    "architectures": ["BertModel"],
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "intermediate_size": INNER,
    "max_position_embeddings": POSITIONS,
    "type_vocab_size": 2,
    "vocab_size": len(VOCABULARY),
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
    "pad_token_id": 0,
}
MODULES = ("Transformer", "Pooling", "Normalize")


def tiny_model(
    folder: Path,
    *,
    config: Mapping[str, object] = CONFIG,
    modules: tuple[str, ...] = MODULES,
    pooling: Mapping[str, object] | None = None,
    prompts: Mapping[str, str] | None = None,
    longest: int = 12,
    seed: int = 7,
) -> Path:
    """Write the model into a folder, which it gives back. With another `seed` it is another model."""
    steps = [
        {"idx": i, "name": str(i), "path": f"{i}_{kind}" if i else "", "type": f"sentence_transformers.models.{kind}"}
        for i, kind in enumerate(modules)
    ]
    for step in steps:
        (folder / str(step["path"])).mkdir(parents=True, exist_ok=True)
    mean = {"word_embedding_dimension": WIDTH, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
    _write(folder / "modules.json", steps)
    _write(folder / "1_Pooling" / "config.json", pooling or mean)
    _write(folder / "config.json", config)
    _write(folder / "config_sentence_transformers.json", {"prompts": prompts or {}})
    _write(folder / "sentence_bert_config.json", {"max_seq_length": longest, "do_lower_case": False})
    _write(folder / "tokenizer_config.json", {"tokenizer_class": "BertTokenizer", "model_max_length": POSITIONS})
    positions = config.get("max_position_embeddings", POSITIONS)
    assert isinstance(positions, int)
    (folder / "vocab.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    _tokenizer().save(str(folder / "tokenizer.json"))
    save_file(weights(seed, positions), folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def weights(seed: int = 7, positions: int = POSITIONS) -> dict[str, NDArray[np.float32]]:
    """Every tensor of the model by its name."""
    random = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), WIDTH),
        "embeddings.position_embeddings.weight": (positions, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.LayerNorm.weight": (WIDTH,),
        "embeddings.LayerNorm.bias": (WIDTH,),
    }
    linear = {f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")} | {
        "attention.output.dense": (WIDTH, WIDTH),
        "intermediate.dense": (INNER, WIDTH),
        "output.dense": (WIDTH, INNER),
    }
    for layer in (f"encoder.layer.{number}." for number in range(LAYERS)):
        for name, (to, of) in linear.items():
            shapes |= {f"{layer}{name}.weight": (to, of), f"{layer}{name}.bias": (to,)}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{layer}{name}.weight": (WIDTH,), f"{layer}{name}.bias": (WIDTH,)}
    return {name: random.normal(scale=0.4, size=shape).astype(np.float32) for name, shape in shapes.items()}


def _tokenizer() -> Tokenizer:
    """With a length and a padding of its own, as the files of published models have."""
    tokenizer = Tokenizer(WordPiece(VOCABULARY, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    marks = [(mark, VOCABULARY[mark]) for mark in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=marks)
    tokenizer.enable_truncation(6)
    tokenizer.enable_padding(length=16)
    return tokenizer


def _write(file: Path, value: object) -> None:
    file.write_text(json.dumps(value), encoding="utf-8")
