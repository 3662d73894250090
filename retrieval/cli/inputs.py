"""The articles that are named on the command line: files, folders of them, files of JSON lines, links.

What cannot be read is told with its place, and the rest goes on.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from retrieval.articles.files import parse_moment, read_bytes, read_draft, with_sidecar
from retrieval.domain.articles import Draft
from retrieval.domain.file_types import MEDIA_TYPES
from retrieval.errors import ArticleRejected, BadInput, FetchFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Outcome: TypeAlias = Draft | BadInput | FetchFailed

LINES = {".jsonl", ".ndjson"}
"""Files of an article a line."""

_KINDS = ", ".join(sorted({*MEDIA_TYPES, *LINES}))
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LONGEST_LINE = 20_000_000
_FIELDS = {
    "text": ("text", "body", "content"),
    "title": ("title", "headline"),
    "publisher": ("publisher", "source"),
    "authors": ("authors", "author"),
    "url": ("url", "link"),
    "published_at": ("published_at", "date", "published"),
    "updated_at": ("updated_at", "updated"),
}
"""What a line may call them; the first that is there counts, others are passed over."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An article, or why there is none, and where it stands: a file, a line of one, a link."""

    place: str
    outcome: Outcome


def count(names: Iterable[str]) -> int:
    """How many offers there will be: one a link, a file, and a line that is not empty."""
    return sum(
        _lines_in(path) if path is not None and path.suffix.lower() in LINES else 1 for _, path in _places(names)
    )


def passed_over(names: Iterable[str]) -> tuple[Path, ...]:
    """The files in named folders that are of no kind that can be read; not hidden ones, nor what describes others."""
    files = (path for name in names if Path(name).is_dir() for path in _files_in(Path(name)))
    return tuple(path for path in files if path.suffix.lower() not in {*MEDIA_TYPES, *LINES, ".toml"})


def offers(
    names: Iterable[str], from_link: Callable[[str], Draft], from_file: Callable[[str, bytes], Draft]
) -> Iterator[Offer]:
    """Every article that the names lead to, in their order; those of a folder by their paths."""
    for name, path in _places(names):
        if path is None:
            yield Offer(name, _tried(partial(from_link, name)))
        elif path.is_dir():
            yield Offer(name, ArticleRejected(f"The folder {path} holds no file that I read: {_KINDS}."))
        elif path.suffix.lower() in LINES:
            yield from _read_lines(path)
        elif path.suffix and path.suffix.lower() not in MEDIA_TYPES and path.exists():
            yield Offer(name, ArticleRejected(f"I do not read {path}: I read files that end with {_KINDS}."))
        elif path.suffix.lower() in MEDIA_TYPES.keys() - {".txt"}:
            yield Offer(name, _tried(partial(_read_file, path, from_file)))
        else:
            yield Offer(name, _tried(partial(read_draft, path)))


def _places(names: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
    """Each name with its file, or None where it is a link.

    A folder is opened, and hidden and other files are left out; one in which nothing is left stands for itself.
    """
    for name in names:
        path = Path(name)
        if _ADDRESS.match(name):
            yield name, None
        elif not path.is_dir():
            yield name, path
        else:
            found = [file for file in _files_in(path) if file.suffix.lower() in {*MEDIA_TYPES, *LINES}]
            yield from ((str(file), file) for file in found or (path,))


def _files_in(folder: Path) -> Iterator[Path]:
    """Every file in a folder and those in it, by their paths; hidden ones are left out."""
    for inside, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        yield from (Path(inside, file) for file in sorted(files) if not file.startswith("."))


def _tried(read: Callable[[], Draft]) -> Outcome:
    try:
        return read()
    except (BadInput, FetchFailed) as refused:
        return refused


def _read_file(path: Path, from_file: Callable[[str, bytes], Draft]) -> Draft:
    return with_sidecar(from_file(path.name, read_bytes(path)), path)


def _lines_in(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(bool(line.strip()) for line in file)
    except OSError:
        return 1


def _read_lines(path: Path) -> Iterator[Offer]:
    if not path.exists():
        yield Offer(str(path), ArticleRejected(f"There is no file {path}."))
        return
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
                if line.strip():
                    yield Offer(f"{path}:{number}", _tried(partial(read_line, line)))
    except OSError as error:
        yield Offer(str(path), ArticleRejected(f"The file {path} cannot be read: {error.strerror or error}."))


def read_line(line: bytes) -> Draft:
    """The article in one line of JSON. Raises ArticleRejected with the reason.

    Fields: `text` (or `body`), and where known `title`, `publisher` (or `source`), `authors`, `url`, `published_at` (or
    `date`), `updated_at`. Others are passed over, so that a line may come from an export of anything.
    """
    try:
        known = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        message = "The line is not JSON in UTF-8."
        raise ArticleRejected(message) from error
    if not isinstance(known, dict):
        message = "The line is not a JSON object."
        raise ArticleRejected(message)
    text = _text(known, "text")
    if text is None:
        message = "The line has no text: it is looked for under text, body and content."
        raise ArticleRejected(message)
    published, updated = _text(known, "published_at"), _text(known, "updated_at")
    return Draft(
        text=text,
        title=_text(known, "title"),
        publisher=_text(known, "publisher"),
        authors=_names(known),
        url=_text(known, "url"),
        published_at=parse_moment(published) if published else None,
        updated_at=parse_moment(updated) if updated else None,
    )


def _text(known: dict[str, object], field: str) -> str | None:
    value = next((known[name] for name in _FIELDS[field] if known.get(name)), None)
    if isinstance(value, dict):  # as some write a publisher
        value = value.get("name")
    if value is None or isinstance(value, str):
        return value
    message = f"The {field} of the line is not a text."
    raise ArticleRejected(message)


def _names(known: dict[str, object]) -> tuple[str, ...]:
    value = next((known[name] for name in _FIELDS["authors"] if known.get(name)), None)
    many = value if isinstance(value, list) else [value]
    names = [one.get("name") if isinstance(one, dict) else one for one in many if one]
    if all(isinstance(name, str) for name in names):
        return tuple(map(str, names))
    message = "The authors of the line are not texts."
    raise ArticleRejected(message)
