"""Writes ONNX models as bytes: the few messages of the format that our network needs, without the onnx package.

The format is a protocol buffer: each field is its number and kind, then its value. ONNX Runtime checks the result.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Attribute: TypeAlias = int | float | tuple[int, ...]

_FLOAT: Final = 1
_ELEMENTS: Final = {"float32": _FLOAT, "int64": 7}
"""ONNX's numbers of numpy's types."""

_IR_VERSION: Final = 9
_OPERATORS: Final = 20
"""The version of ONNX's operators: the first with Gelu."""
_NUMBER, _BYTES, _FOUR_BYTES = 0, 2, 5
_MORE: Final = 0x80
"""Set in every byte of a number but its last; the other seven bits hold the number."""


def node(operator: str, inputs: Sequence[str], output: str, **attributes: Attribute) -> bytes:
    """An operator with the names of its inputs and its output."""
    names = b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, operator)
    return _bytes(1, names + b"".join(_bytes(5, _attribute(*item)) for item in attributes.items()))


def constant(name: str, value: NDArray[np.generic]) -> bytes:
    """A tensor of float32 or int64 with its values."""
    return _bytes(5, _tensor(name, value.shape, _ELEMENTS[value.dtype.name]) + _bytes(9, value.tobytes()))


def stored(name: str, shape: Sequence[int], file: str, start: int, length: int) -> bytes:
    """A tensor of float32 whose values are in a file of this name, from byte `start` on."""
    places = {"location": file, "offset": str(start), "length": str(length)}
    entries = b"".join(_bytes(13, _text(1, key) + _text(2, value)) for key, value in places.items())
    return _bytes(5, _tensor(name, shape, _FLOAT) + entries + _number(14, 1))


def model(nodes: Iterable[bytes], tensors: Iterable[bytes], inputs: Iterable[bytes], outputs: Iterable[bytes]) -> bytes:
    """The whole file. `inputs` and `outputs` come from `shaped`; nodes stand in the order in which they run."""
    sides = (_bytes(11, side) for side in inputs), (_bytes(12, side) for side in outputs)
    graph = b"".join((*nodes, _text(2, "network"), *tensors, *sides[0], *sides[1]))
    return _number(1, _IR_VERSION) + _bytes(8, _text(1, "") + _number(2, _OPERATORS)) + _bytes(7, graph)


def shaped(name: str, shape: Sequence[int | str]) -> bytes:
    """A float32 input or output; a dimension with a name may be of any length."""
    dimensions = (_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
    form = b"".join(_bytes(1, dimension) for dimension in dimensions)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, _FLOAT) + _bytes(2, form)))


def _tensor(name: str, shape: Sequence[int], element: int) -> bytes:
    return b"".join(_number(1, size) for size in shape) + _number(2, element) + _text(8, name)


def _attribute(name: str, value: Attribute) -> bytes:
    match value:
        case float():
            return _text(1, name) + _key(2, _FOUR_BYTES) + struct.pack("<f", value) + _number(20, 1)
        case int():
            return _text(1, name) + _number(3, value) + _number(20, 2)
        case numbers:
            return _text(1, name) + b"".join(_number(8, number) for number in numbers) + _number(20, 7)


def _number(field: int, value: int) -> bytes:
    return _key(field, _NUMBER) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, _BYTES) + _varint(len(value)) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _key(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; a negative number as its 64-bit complement."""
    value &= 2**64 - 1
    written = bytearray()
    while value >= _MORE:
        written.append(value & (_MORE - 1) | _MORE)
        value >>= 7
    return bytes((*written, value))
