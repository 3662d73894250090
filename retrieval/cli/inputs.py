"""The articles named on the command line: files, folders of them, files of JSON lines, links.

What cannot be read is an outcome with its place; the rest is read all the same.
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
from retrieval.domain.file_types import ENDINGS, OLD_OFFICE_ENDINGS, PLAIN
from retrieval.errors import ArticleRejected, BadInput, FetchFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from retrieval.articles.importing import Importer

    Outcome: TypeAlias = Draft | BadInput | FetchFailed

LINES = {".jsonl", ".ndjson"}
"""Files of an article a line."""

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
"""The names that a line may use for each field; the first that has a value counts."""


@dataclass(frozen=True, slots=True)
class Input:
    """An article, or why there is none, and its place: a file, a line of one, a link."""

    place: str
    outcome: Outcome


def endings() -> str:
    """The ends of file names that are read, for a sentence."""
    return ", ".join(sorted({*ENDINGS, *LINES}))


def count_inputs(names: Iterable[str]) -> int:
    """How many inputs `read_inputs` will yield: one a link, a file, and a line that is not empty."""
    return sum(
        _count_lines(path) if path is not None and path.suffix.lower() in LINES else 1 for _, path in _places(names)
    )


def skipped_files(names: Iterable[str]) -> tuple[Path, ...]:
    """The files of named folders that are of no type that is read; without hidden files and sidecars."""
    files = (path for name in names if Path(name).is_dir() for path in _files_in(Path(name)))
    return tuple(path for path in files if path.suffix.lower() not in {*ENDINGS, *LINES, ".toml"})


def read_inputs(names: Iterable[str], importer: Importer) -> Iterator[Input]:
    """Every article that the names lead to, in their order; those of a folder by their paths."""
    for name, path in _places(names):
        if path is None:
            yield Input(name, _read(partial(importer.draft_from_link, name)))
        elif path.is_dir():
            yield Input(name, ArticleRejected("file.folder_without_any", path=path, kinds=endings()))
        elif path.suffix.lower() in LINES:
            yield from _read_lines(path)
        elif path.suffix.lower() in OLD_OFFICE_ENDINGS and path.exists():
            yield Input(name, ArticleRejected("page.old_office"))
        elif path.suffix and path.suffix.lower() not in ENDINGS and path.exists():
            yield Input(name, ArticleRejected("file.other_ending", path=path, kinds=endings()))
        elif path.suffix.lower() in ENDINGS.keys() - PLAIN.endings:
            yield Input(name, _read(partial(_read_file, path, importer)))
        else:
            yield Input(name, _read(partial(read_draft, path)))


def _places(names: Iterable[str]) -> Iterator[tuple[str, Path | None]]:
    """Each name with its file, or None where it is a link; a folder as its readable files, or itself without any."""
    for name in names:
        path = Path(name)
        if _ADDRESS.match(name):
            yield name, None
        elif not path.is_dir():
            yield name, path
        else:
            files = [file for file in _files_in(path) if file.suffix.lower() in {*ENDINGS, *LINES}]
            yield from ((str(file), file) for file in files or (path,))


def _files_in(folder: Path) -> Iterator[Path]:
    """Every file in a folder and its subfolders, by path, without hidden ones."""
    for inside, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(inside, file) for file in sorted(files) if not file.startswith("."))


def _read(read: Callable[[], Draft]) -> Outcome:
    try:
        return read()
    except (BadInput, FetchFailed) as error:
        return error


def _read_file(path: Path, importer: Importer) -> Draft:
    return with_sidecar(importer.draft_from_file(path.name, read_bytes(path)), path)


def _count_lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(bool(line.strip()) for line in file)
    except OSError:
        return 1


def _read_lines(path: Path) -> Iterator[Input]:
    if not path.exists():
        yield Input(str(path), ArticleRejected("file.missing", path=path))
        return
    try:
        with path.open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
                if line.strip():
                    yield Input(f"{path}:{number}", _read(partial(read_line, line)))
    except OSError as error:
        yield Input(str(path), ArticleRejected("file.unreadable", path=path, cause=error.strerror or error))


def read_line(line: bytes) -> Draft:
    """The article in one line of JSON. Raises ArticleRejected with the reason.

    Fields: `text` (or `body`), and where known `title`, `publisher` (or `source`), `authors`, `url`, `published_at` (or
    `date`), `updated_at`. Others are ignored, so that a line may come from any export.
    """
    try:
        fields = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ArticleRejected("line.no_json") from error
    if not isinstance(fields, dict):
        raise ArticleRejected("line.no_object")
    text = _text(fields, "text")
    if text is None:
        raise ArticleRejected("line.no_text")
    published, updated = _text(fields, "published_at"), _text(fields, "updated_at")
    return Draft(
        text=text,
        title=_text(fields, "title"),
        publisher=_text(fields, "publisher"),
        authors=_names(fields),
        url=_text(fields, "url"),
        published_at=parse_moment(published) if published else None,
        updated_at=parse_moment(updated) if updated else None,
    )


def _text(fields: dict[str, object], field: str) -> str | None:
    value = next((fields[name] for name in _FIELDS[field] if fields.get(name)), None)
    if isinstance(value, dict):  # as some write a publisher
        value = value.get("name")
    if value is None or isinstance(value, str):
        return value
    raise ArticleRejected("line.field_is_no_text", field=field)


def _names(fields: dict[str, object]) -> tuple[str, ...]:
    value = next((fields[name] for name in _FIELDS["authors"] if fields.get(name)), None)
    authors = value if isinstance(value, list) else [value]
    names = [author.get("name") if isinstance(author, dict) else author for author in authors if author]
    if all(isinstance(name, str) for name in names):
        return tuple(map(str, names))
    raise ArticleRejected("line.authors_are_no_texts")
