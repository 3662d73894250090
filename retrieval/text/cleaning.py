"""Normalises raw text into the body that is stored; offsets into a body never change again.

Characters are only dropped or replaced one by one, so that each can be traced to its offset in the raw text. Words are
never changed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from retrieval.domain.articles import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_BREAK = "(?>\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])"
_BLANK = "\t\x1f \\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_NEVER = (
    "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_AROUND = f"[{_BLANK}{_NEVER}]*+"
_CHANGES = re.compile(
    rf"(?P<paragraph>{_AROUND}{_BREAK}{_AROUND}(?:{_BREAK}{_AROUND})++)"
    rf"|(?P<line>{_AROUND}{_BREAK}{_AROUND})"
    rf"|(?P<blank>[{_NEVER}]*+[{_BLANK}]{_AROUND})"
    rf"|(?P<never>[{_NEVER}]++)"
    "|(?P<broken>[\ud800-\udfff])"
)
_REPLACEMENTS = {"paragraph": "\n\n", "line": "\n", "blank": " ", "never": "", "broken": "\ufffd"}


@dataclass(frozen=True, slots=True)
class Normalised:
    """A body, and for each piece its start in the body (`starts`) and in the raw text (`origins`)."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[int, ...]

    def raw_offset(self, offset: int) -> int:
        """The raw offset of the character at `offset` of the body."""
        piece = bisect_right(self.starts, offset) - 1
        return self.origins[piece] + offset - self.starts[piece]

    def raw_span(self, span: Span) -> Span:
        """The span of the raw text that a span of the body was made from."""
        return Span(self.raw_offset(span.start), self.raw_offset(span.end - 1) + 1)


def normalise(raw: str) -> Normalised:
    """Unify line ends and blanks, drop control, zero-width and bidirectional characters, and strip both ends.

    At most one empty line remains between two lines. Idempotent; the result may be empty.
    """
    pieces = [piece for piece in _pieces(raw) if piece[0]]
    while pieces and pieces[0][0].isspace():
        pieces.pop(0)
    while pieces and pieces[-1][0].isspace():
        pieces.pop()
    starts = tuple(accumulate((len(text) for text, _ in pieces[:-1]), initial=0))
    return Normalised("".join(text for text, _ in pieces), starts, tuple(origin for _, origin in pieces))


def _pieces(raw: str) -> Iterator[tuple[str, int]]:
    """Yield pieces of the body with their raw offsets; a replacement is no longer than what it replaces."""
    done = 0
    for change in _CHANGES.finditer(raw):
        yield raw[done : change.start()], done
        replacement = _REPLACEMENTS[change.lastgroup or "never"]
        for index, character in enumerate(replacement):
            yield character, change.start() + index
        done = change.end()
    yield raw[done:], done
