"""The text of an article that stands in its page only as data for a script, as of sites that draw it in the browser."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeAlias

from retrieval.adapters.extraction.linked_data import load_json, without_tags
from retrieval.adapters.extraction.prose import is_prose
from retrieval.text.boilerplate import fold_line
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Place: TypeAlias = tuple[str | int, ...]

_ASSIGNED: Final = re.compile(r"\s*+(?:window\.|var |let |const |self\.)[\w.$\[\]'\"]{1,80}+\s*+=\s*+(?=[{\[])")
_MOST_NODES: Final = 50_000
_DEEPEST: Final = 40
_LISTS: Final = 2
"""Of a value's place in the data, so many list positions do not count: those of the block and its part."""
_WHOLE_TEXT: Final = 80
_PROSE_SHARE: Final = 0.8


def text_in_data(scripts: Iterable[str], headline: str) -> str:
    """The longest run of paragraphs at one place of the data in these scripts; empty where none is a text.

    A script that does not also hold the headline is about something else.
    """
    data = [list(_strings(load_json(_value(script)))) for script in scripts]
    title = fold_line(headline)
    own = [strings for strings in data if any(title in fold_line(string[: 2 * len(headline)]) for _, string in strings)]
    return max((text for strings in own for text in _texts(strings)), key=count_words, default="")


def _value(script: str) -> str:
    """The script without the name that it assigns its data to."""
    assigned = _ASSIGNED.match(script)
    return script[assigned.end() :] if assigned else script


def _texts(strings: list[tuple[_Place, str]]) -> Iterator[str]:
    """The texts of these strings: those of one place in order, and each that is a whole text."""
    places: dict[_Place, list[str]] = defaultdict(list)
    for place, string in strings:
        paragraphs = [line for line in without_tags(string).split("\n") if line.strip()]
        if count_words(string) >= _WHOLE_TEXT:
            yield _prose(paragraphs)
        else:
            places[place] += paragraphs
    for paragraphs in places.values():
        yield _prose(paragraphs)


def _prose(paragraphs: list[str]) -> str:
    """The paragraphs as a text; empty unless most of their words stand in whole sentences."""
    words = sum(map(count_words, paragraphs))
    prose = sum(count_words(paragraph) for paragraph in paragraphs if is_prose(paragraph))
    return "\n\n".join(paragraphs) if words >= _WHOLE_TEXT and prose >= _PROSE_SHARE * words else ""


def _strings(data: object) -> Iterator[tuple[_Place, str]]:
    """The strings of the data in order, each with its place."""
    waiting: list[tuple[_Place, object]] = [((), data)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        path, value = waiting.pop()
        match value:
            case str():
                yield _place(path), value
            case dict() if len(path) < _DEEPEST:
                waiting += reversed([((*path, key), part) for key, part in islice(value.items(), _MOST_NODES)])
            case list() if len(path) < _DEEPEST:
                waiting += reversed([((*path, number), part) for number, part in enumerate(value[:_MOST_NODES])])


def _place(path: _Place) -> _Place:
    """The path without its last list positions: paragraphs of one list are at one place."""
    numbers = [depth for depth, step in enumerate(path) if isinstance(step, int)][-_LISTS:]
    return tuple(step for depth, step in enumerate(path) if depth not in numbers)
