"""The check finds what does not agree, and says in a sentence which articles and passages are concerned."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from retrieval.archive.integrity import checksums
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED
from retrieval.errors import ArchiveCorrupt
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article

if TYPE_CHECKING:
    from pathlib import Path

EMBEDDER = HashingEmbedder()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "news.sqlite3"
    with open_archive(path) as archive:
        for number in range(4):
            archive.articles.add(
                new_article(f"t{number}", f"one {number}", f"two {number}"), EMBEDDER.spec, collection=SHARED, now=NOON
            )
    return path


def problems_after(path: Path, statement: str) -> list[str]:
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with open_archive(path) as archive:
        return list(archive.check().problems)


def test_each_server_s_rows_in_a_new_table_share_a_checksum(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = sa.Table("notes", sa.MetaData(), sa.Column("collection_id", sa.BigInteger, primary_key=True))
    monkeypatch.setattr(checksums, "COVERED", (notes,))
    with sa.create_engine(f"sqlite:///{path}").begin() as connection:
        checksums.prepare(connection.connection.driver_connection, connection.info)  # type: ignore[arg-type]  # sqlite3's
        notes.create(connection)
        connection.execute(sa.insert(notes), [{"collection_id": 7}, {"collection_id": 8}])
        assert {owner for part, owner in checksums.counted(connection) if part == "notes"} == {7, 8}


def test_a_sound_archive_has_no_problems_and_is_counted(path: Path) -> None:
    with open_archive(path) as archive:
        report = archive.check()
    assert (report.articles, report.passages, report.vectors, report.problems) == (4, 8, 8, ())


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE articles SET body = body || ' more' WHERE id = 2", "The text of article 2 is not the text that was"),
        ('UPDATE passages SET start = 0, "end" = 900 WHERE id = 3', "ends before passage 3."),
        (
            (
                "INSERT INTO quotations (article_id, content_start, content_end, context_start, context_end, kind, "
                "attribution, confidence, via_start, via_end) VALUES (2, 0, 3, 0, 3, 'mixed', 'unknown', 0.5, 0, 900)"
            ),
            "ends before quotation 1.",
        ),
        ("DELETE FROM vectors WHERE passage_id IN (1, 4)", "No vector is there of passages 1, 4."),
        ("DELETE FROM vectors", "passages 1, 2, 3, 4, 5 and 3 more."),
        ("UPDATE vectors SET vector = x'0011' WHERE passage_id = 5", "The vector of passage 5 has not 64 dimensions."),
        ("UPDATE passages SET words = 9 WHERE id = 6", "The words of passage 6 are not those"),
        ("DELETE FROM passage_words WHERE rowid = 7", "The words of passage 7 are not those"),
        ("INSERT INTO passage_words (rowid, words) VALUES (99, 'stray')", "still holds passage 99."),
        ("DELETE FROM passages WHERE article_id = 1", "No passage is there of article 1."),
        ("UPDATE passage_words_content SET c0 = 'one' WHERE id = 8", "The words of passage 8 are not those"),
        ("DELETE FROM articles WHERE id = 3", "refer to rows that are not there"),
    ],
)
def test_whatever_does_not_agree_is_named(path: Path, statement: str, problem: str) -> None:
    found = problems_after(path, statement)
    assert any(problem in sentence for sentence in found), found


def test_what_cannot_even_be_read_is_told_as_damage(path: Path) -> None:
    with pytest.raises(ArchiveCorrupt, match="damaged"):
        problems_after(path, "DELETE FROM passage_words_data WHERE id > 10")
