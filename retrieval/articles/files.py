"""Articles in files: a text, and beside it a sidecar, a `.toml` of the same name with what is known about it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from retrieval.domain.articles import Draft
from retrieval.domain.limits import LARGEST_FILE
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS = frozenset({"title", "publisher", "authors", "url", "published_at", "licence"})


def read_draft(path: Path) -> Draft:
    """The article in a text file, with its sidecar. Raises ArticleRejected."""
    return with_sidecar(Draft(_decode(read_bytes(path), path)), path)


def with_sidecar(draft: Draft, path: Path) -> Draft:
    """The draft with the sidecar of its file, which overrides what was found in the file. Raises ArticleRejected."""
    sidecar = path.with_suffix(".toml")
    if not sidecar.is_file():
        return draft
    fields = _read_sidecar(sidecar)
    authors = fields.get("authors", [])
    return replace(
        draft,
        title=_text(fields, "title", sidecar) or draft.title,
        publisher=_text(fields, "publisher", sidecar) or draft.publisher,
        authors=(tuple(map(str, authors)) if isinstance(authors, list) else (str(authors),)) or draft.authors,
        url=_text(fields, "url", sidecar) or draft.url,
        published_at=_moment(fields.get("published_at"), sidecar) or draft.published_at,
    )


def article_files(folder: Path) -> list[Path]:
    """The text files of a folder, by name; none where the folder does not exist."""
    return sorted(folder.glob("*.txt"))


def parse_moment(text: str) -> datetime:
    """An ISO 8601 date or time, in UTC where it names no other zone. Raises ArticleRejected."""
    try:
        return _in_utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError) as error:  # OverflowError: year 0 or 10000 in UTC
        raise ArticleRejected("file.no_date", typed=text[:40]) from error


def read_bytes(path: Path) -> bytes:
    """The content of a file. Raises ArticleRejected."""
    try:
        if not path.exists():
            raise ArticleRejected("file.missing", path=path)
        if not path.is_file():
            raise ArticleRejected("file.is_none", path=path)
        if path.stat().st_size > LARGEST_FILE:
            raise ArticleRejected("file.too_large", path=path, megabytes=LARGEST_FILE // 1_000_000)
        return path.read_bytes()
    except OSError as error:
        raise ArticleRejected("file.unreadable", path=path, cause=error.strerror or error) from error


def _decode(raw: bytes, path: Path) -> str:
    if not raw.strip():
        raise ArticleRejected("file.empty", path=path)
    if b"\0" in raw:
        raise ArticleRejected("file.binary", path=path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleRejected("file.no_utf8", path=path, byte=error.start) from error


def _read_sidecar(path: Path) -> dict[str, object]:
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ArticleRejected("file.no_toml", path=path, cause=error) from error
    unknown = sorted(fields.keys() - _FIELDS)
    if unknown:
        raise ArticleRejected(
            "file.unknown_fields", path=path, unknown=", ".join(unknown), known=", ".join(sorted(_FIELDS))
        )
    return fields


def _text(fields: dict[str, object], key: str, path: Path) -> str | None:
    value = fields.get(key)
    if value is None or isinstance(value, str):
        return value
    raise ArticleRejected("file.field_is_no_text", field=key, path=path)


def _moment(value: object, path: Path) -> datetime | None:
    """From a TOML date, time or text; a date alone is its midnight in UTC."""
    match value:
        case None:
            return None
        case datetime():
            return parse_moment(value.isoformat())
        case date():
            return datetime.combine(value, time(), UTC)
        case str():
            return parse_moment(value)
        case _:
            raise ArticleRejected("file.published_at_is_no_date", path=path)


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
