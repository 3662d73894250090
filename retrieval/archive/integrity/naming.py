"""Names rows in the sentences of a check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED: Final = 5
"""How many ids a sentence names before it goes on with "and n more"."""


def named(noun: str, ids: Sequence[int]) -> str:
    """Return text such as "passage 3", or "passages 3, 5, 8, 9, 12 and 4 more"."""
    some = ", ".join(str(id_) for id_ in ids[:_NAMED])
    rest = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"{noun}{'' if len(ids) == 1 else 's'} {some}{rest}"
