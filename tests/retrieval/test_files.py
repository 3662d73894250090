"""A file is an article, or is refused with one kind sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from retrieval.articles.files import article_files, parse_moment, read_draft
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sidecar_says_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Text.", encoding="utf-8")
    (tmp_path / "a.toml").write_text(
        'title = "T"\npublisher = "P"\nauthors = ["A", "B"]\n'
        'url = "https://example.org/a"\npublished_at = 2024-03-25\n',
        encoding="utf-8",
    )
    draft = read_draft(tmp_path / "a.txt")
    assert (draft.title, draft.publisher, draft.authors) == ("T", "P", ("A", "B"))
    assert draft.published_at == datetime(2024, 3, 25, tzinfo=UTC)


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfText.")
    assert read_draft(tmp_path / "a.txt").text == "Text."


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"\x7fELF\0\0", "is binary"),
        ("caf\xe9 in Paris".encode("latin-1"), "is not UTF-8"),
        (b"a" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(ArticleRejected, match=reason):
        read_draft(tmp_path / "a.txt")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleRejected, match="There is no file"):
        read_draft(tmp_path / "a.txt")
    with pytest.raises(ArticleRejected, match="is not a file"):
        read_draft(tmp_path)


@pytest.mark.parametrize(
    "sidecar",
    [
        *("title = ", "headline = 'T'", "published_at = 7", "published_at = 'soon'", "url = 5"),
        *("published_at = 0001-01-01T00:00:00+14:00", "published_at = '9999-12-31T23:59-14:00'"),  # no such year in UTC
        "authors = " + "[" * 5_000,
    ],
    ids=range(8),
)
def test_a_sidecar_that_cannot_be_understood_is_refused(tmp_path: Path, sidecar: str) -> None:
    (tmp_path / "a.txt").write_text("Text.", encoding="utf-8")
    (tmp_path / "a.toml").write_text(sidecar, encoding="utf-8")
    with pytest.raises(ArticleRejected):
        read_draft(tmp_path / "a.txt")


def test_times_are_kept_in_utc() -> None:
    assert parse_moment("2024-03-25T14:05+02:00") == datetime(2024, 3, 25, 12, 5, tzinfo=UTC)
    assert parse_moment("2024-03-25") == datetime(2024, 3, 25, tzinfo=UTC)


def test_a_folder_that_is_missing_holds_no_articles(tmp_path: Path) -> None:
    assert article_files(tmp_path / "none") == []
