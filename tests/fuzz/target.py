"""What a target is, how one input is held against its promises, and what they have in common."""

from __future__ import annotations

import re
import time
import traceback
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from retrieval.domain.articles import Span

_PARTED: Final = b"\x1f"
_TROUBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A parser with its promises: `run` takes an input and raises whatever breaks one.

    `words` are what its inputs are made of. `libraries` are others' parsers that it hands the input to in a worker:
    what they raise is told there as damage, and is no breach. `seconds` of processor time are the most that an input
    of `longest` bytes may take.
    """

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    longest: int = 4_096
    seconds: float = 2.0


class TooSlow(AssertionError):
    """An input took more processor time than its length allows."""


def hold(target: Target, data: bytes) -> str | None:
    """Try one input; says where a library failed that the worker speaks for, and raises for everything else."""
    begun = time.process_time()
    failed = None
    try:
        target.run(data)
    except Exception as error:
        failed = _library_s(error, target.libraries)
        if failed is None:
            raise
    taken = time.process_time() - begun
    if taken > target.seconds:
        message = f"{taken:.1f} s for {len(data)} bytes"
        raise TooSlow(message)
    return failed


def _library_s(error: Exception, libraries: tuple[str, ...]) -> str | None:
    """What a library raised, and where; None where it was raised by the project, or by a check."""
    if isinstance(error, AssertionError):
        return None
    frames = traceback.extract_tb(error.__traceback__)
    last = Path(frames[-1].filename)
    if last.is_relative_to(ROOT) and ".venv" not in last.parts and not isinstance(error, RecursionError):
        return None
    named = [frame for frame in frames for library in libraries if f"/{library}" in frame.filename]
    return f"{type(error).__name__} at {'/'.join(last.parts[-2:])}:{frames[-1].lineno}" if named else None


def parts(data: bytes, amount: int) -> list[bytes]:
    """An input as so many fields; those that it lacks are empty, and the last holds the rest."""
    found = data.split(_PARTED, amount - 1)
    return [*found, *[b""] * (amount - len(found))]


def joined(*fields: str | bytes) -> bytes:
    """Fields as an input."""
    return _PARTED.join(field if isinstance(field, bytes) else field.encode() for field in fields)


def text_of(data: bytes) -> str:
    """Bytes as a text; lone surrogates are let through, which JSON can write."""
    return data.decode("utf-8", "surrogatepass") if _is_wide(data) else data.decode("utf-8", "replace")


def _is_wide(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def number_of(data: bytes, most: int) -> int:
    """Bytes as a number from 0 to `most`, both included."""
    return int.from_bytes(data[:8]) % (most + 1)


def check_in_order(spans: list[Span], length: int) -> None:
    """Spans of a text of that length, none over another."""
    ends = [0]
    for span in spans:
        assert ends[-1] <= span.start < span.end <= length, (span, ends[-1], length)
        ends.append(span.end)


def check_sentence(text: str) -> None:
    """Something to tell a person, and not too much of it."""
    assert 0 < len(text.strip()) < 600


def check_line(text: str | None, longest: int) -> None:
    """One line of text without characters that disturb, if any."""
    if text is not None:
        assert text == " ".join(text.split())
        assert 0 < len(text) <= longest, len(text)


def check_quiet(text: str) -> None:
    """No control character, none that turns the direction of writing, nothing that cannot be written as UTF-8."""
    found = _TROUBLE.search(text)
    assert found is None, hex(ord(found[0]))


def check_moment(moment: datetime | None) -> None:
    """A time in UTC, if any."""
    assert moment is None or (moment.tzinfo is UTC or moment.utcoffset() == timedelta()), moment
