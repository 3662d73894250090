"""Discord's limits, and cutting text to them at a word's end."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.render.escape import escaped, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")

EMBEDS = 10
EMBED_CHARACTERS = 6000
TITLE = 256
FOOTER = 2048
AUTHOR = 256
FIELD_VALUE = 1024
CONTENT = 2000
CHOICES = 25
CHOICE = 100
CUSTOM_ID = 100
BUTTON_LABEL = 80
BUTTONS = 25
URL = 2048


def longest(text: str, limit: int, dressed: Callable[[str], str]) -> int:
    """How many characters of `text`, from its beginning, fit into `limit` characters once they are dressed."""
    fitting, too_long = 0, len(text) + 1
    while too_long - fitting > 1:
        middle = (fitting + too_long) // 2
        if len(dressed(text[:middle])) <= limit:
            fitting = middle
        else:
            too_long = middle
    return fitting


def cut(text: str, limit: int, dressed: Callable[[str], str] = plain) -> str:
    """`dressed(text)` where it fits into `limit` characters, else of a beginning of it and an ellipsis."""
    if len(dressed(text)) <= limit:
        return dressed(text)
    beginning = text[: longest(text, limit - 1, dressed)]
    words = beginning.rsplit(None, 1)[0] if " " in beginning.strip() else beginning
    return dressed(words).rstrip() + "…"


def leaves(items: Iterable[Item], most: int, length: int, needed: Callable[[Item], int]) -> list[list[Item]]:
    """The items as pages of at most `most` each and of at most `length` characters, but for a single longer one."""
    pages: list[list[Item]] = []
    taken = 0
    for item in items:
        more = needed(item)
        if not pages or len(pages[-1]) == most or taken + more > length:
            pages.append([])
            taken = 0
        pages[-1].append(item)
        taken += more
    return pages


def chunks(items: Iterable[Item], most: int, apart: Callable[[Item, Item], bool]) -> Iterator[tuple[Item, ...]]:
    """The items in their order, at most so many together, and none with a first one that it is to stand apart from."""
    together: list[Item] = []
    for item in items:
        if together and (len(together) == most or apart(together[0], item)):
            yield tuple(together)
            together = []
        together.append(item)
    if together:
        yield tuple(together)


def title(text: str) -> str:
    """A text for an embed's title."""
    return cut(plain(text), TITLE, escaped)
