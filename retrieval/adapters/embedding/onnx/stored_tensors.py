"""Finds the tensors in a safetensors file without reading them.

The file begins with the length of its header (eight bytes) and the header, which is JSON: for each tensor its name,
number type, shape, and first and last byte behind the header. Refuses a header that does not fit the file.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from retrieval.errors import ModelUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LARGEST_HEADER: Final = 10_000_000
"""Bytes; a model of six layers has 11,000."""
_UNREADABLE: Final = (
    *(OSError, ValueError, AttributeError, KeyError, TypeError, OverflowError, RecursionError, struct.error),
)
_WIDTHS: Final = {"F32": 4, "F16": 2}
"""Bytes of a number."""


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """A tensor: its shape and its bytes in the file."""

    shape: tuple[int, ...]
    start: int
    length: int


def read_tensors(file: Path, kind: Literal["F32", "F16"] = "F32") -> Mapping[str, StoredTensor]:
    """The tensors of one number type in a file, by name; others are skipped. Raises ModelUnavailable."""
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            (length,) = struct.unpack("<Q", stream.read(8))
            header = json.loads(stream.read(length)) if length <= _LARGEST_HEADER else {}
        tensors = {name: _tensor(entry, 8 + length) for name, entry in header.items() if entry.get("dtype") == kind}
    except _UNREADABLE as error:
        raise ModelUnavailable("model.weights_unreadable", file=file, cause=error) from error
    for name, tensor in tensors.items():
        within = 8 + length <= tensor.start <= size - tensor.length
        if not within or tensor.length != _WIDTHS[kind] * math.prod(tensor.shape):
            raise ModelUnavailable("model.weights_incomplete", file=file, name=name)
    return tensors


def _tensor(entry: Mapping[str, list[int]], base: int) -> StoredTensor:
    first, last = entry["data_offsets"]
    return StoredTensor(tuple(int(size) for size in entry["shape"]), base + int(first), int(last) - int(first))
