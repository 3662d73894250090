"""Discord's limits, and text and lists cut to them."""

from __future__ import annotations

from bisect import bisect_right
from functools import reduce
from typing import TYPE_CHECKING, TypeVar

from bot.render.escape import escaped, plain
from retrieval.domain.wording import both
from retrieval.translation import ngettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Item = TypeVar("Item")

EMBED_CHARACTERS = 6000
TITLE = 256
FOOTER = 2048
AUTHOR = 256
FIELD_VALUE = 1024
DESCRIPTION = 4096
CONTENT = 2000
CHOICES = 25
CHOICE = 100
OPTION = 100
CUSTOM_ID = 100
BUTTON_LABEL = 80
BUTTONS = 25
TEXT_INPUT = 4000
URL = 2048

BLANK = "…"
"""Is shown where a text has no character that can be shown."""


def longest_prefix(text: str, limit: int, render: Callable[[str], str]) -> int:
    """Return how many characters of `text`, from its beginning, fit into `limit` characters once rendered."""
    lengths = range(len(text) + 1)
    return bisect_right(lengths, limit, lo=1, key=lambda length: len(render(text[:length]))) - 1


def cut(text: str, limit: int, render: Callable[[str], str] = plain) -> str:
    """Return the rendered text if it fits into `limit` characters, else its first words, rendered, and an ellipsis."""
    if len(rendered := render(text)) <= limit:
        return rendered
    beginning = text[: longest_prefix(text, limit - 1, render)]
    words = beginning.rsplit(None, 1)[0] if " " in beginning.strip() else beginning
    return render(words).rstrip() + "…"


def one_line(text: str, limit: int) -> str:
    """Return the text as one line of escaped markdown of at most `limit` characters."""
    return cut(plain(text), limit, escaped)


def names(texts: Sequence[str], most: int, limit: int) -> str:
    """Return the first names, each of at most `limit` characters, and how many more there are."""
    listed = ", ".join(one_line(text, limit) or BLANK for text in texts[:most])
    return f"{listed} {and_more(len(texts) - most)}" if len(texts) > most else listed


def and_more(number: int) -> str:
    """Return `and 3 more`, which stands below a list or behind it."""
    return ngettext("and {number:,} more", "and {number:,} more", number)


def all_of(words: Iterable[str]) -> str:
    """Return `this and that and those`."""
    return reduce(both, words)


def paginate(items: Iterable[Item], most: int, length: int, length_of: Callable[[Item], int]) -> list[list[Item]]:
    """Return pages of at most `most` items and `length` characters; a longer item has a page of its own."""
    pages: list[list[Item]] = []
    used = 0
    for item in items:
        added = length_of(item)
        if not pages or len(pages[-1]) == most or used + added > length:
            pages.append([])
            used = 0
        pages[-1].append(item)
        used += added
    return pages


def group(items: Iterable[Item], most: int, is_apart: Callable[[Item, Item], bool]) -> Iterator[tuple[Item, ...]]:
    """Yield consecutive items in groups of at most `most`; none `is_apart` from the first of its group."""
    together: list[Item] = []
    for item in items:
        if together and (len(together) == most or is_apart(together[0], item)):
            yield tuple(together)
            together = []
        together.append(item)
    if together:
        yield tuple(together)
