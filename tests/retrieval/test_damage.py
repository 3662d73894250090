"""No damage goes unseen: neither rows that were changed behind the archive's back, nor single bytes of its file."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.retrieval.damaged import change, contents, fill, flip, problems
from tests.support.sizes import sized

FLIPS, SEED = sized(50, 200), 20260325


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "news.sqlite3"
    fill(path)
    assert problems(path) == []
    return path


@pytest.fixture(scope="module")
def whole(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    return contents(Path(shutil.copy(sound, tmp_path_factory.mktemp("whole") / "news.sqlite3")))


@pytest.fixture
def path(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path / "news.sqlite3"))


def flipped(column: str, at: int) -> str:
    """A statement that changes one byte of what is stored beside passage 5."""
    byte = f"substr({column}, {at}, 1)"
    other = f"CASE WHEN {byte} = x'55' THEN x'54' ELSE x'55' END"
    changed = f"substr({column}, 1, {at - 1}) || {other} || substr({column}, {at + 1})"
    return f"UPDATE vectors SET {column} = CAST({changed} AS BLOB) WHERE passage_id = 5"


def swapped(table: str, column: str, key: str) -> str:
    """A statement that gives passage 5 what is passage 6's, and the other way round."""
    other = f"(SELECT {column} FROM {table} WHERE {key} = "
    return f"UPDATE {table} SET {column} = CASE {key} WHEN 5 THEN {other} 6) ELSE {other} 5) END WHERE {key} IN (5, 6)"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE vectors SET vector = zeroblob(length(vector)) WHERE passage_id = 5",
            "vector of passage 5 has not l",
        ),
        (flipped("vector", 40), "the vectors of article 2."),
        ("UPDATE articles SET title = CAST(title AS BLOB) WHERE id = 2", "the source of article 2."),
        (flipped("tokens", 60), "the vectors of article 2."),
        (flipped("tokens", 1), "The tokens of passage 5 cannot be unpacked"),
        (
            "UPDATE quotations SET content_start = content_start + 1 WHERE id = 3",
            "the quotations of article 2.",
        ),
        ("UPDATE quotations SET context_start = content_start + 1 WHERE id = 3", "The words of quotation 3 do not lie"),
        ("UPDATE quotations SET attribution = 'unknown' WHERE id = 3", "the quotations of article 2."),
        ("UPDATE quotations SET confidence = confidence + 1e-12 WHERE id = 3", "the quotations of article 2."),
        ("UPDATE passages SET start = start + 1 WHERE id = 5", "the passages of article 2."),
        ("UPDATE passages SET start = start - 9 WHERE id = 5", "not in their order: see passage 5"),
        ("UPDATE articles SET title = 'Bridge 2 stands' WHERE id = 2", "the source of article 2."),
        (
            "UPDATE articles SET url = 'https://other.example' WHERE id = 2",
            "the source of article 2.",
        ),
        ("UPDATE articles SET publisher = 'The Wise' WHERE id = 2", "the source of article 2."),
        ("UPDATE articles SET published_at = added_at WHERE id = 2", "the source of article 2."),
        ("UPDATE articles SET published_at = 'yesterday' WHERE id = 2", "1 rows of articles have a time that is none"),
        ("UPDATE articles SET authors = '[\"Ann Lea\"]' WHERE id = 2", "the source of article 2."),
        (
            "UPDATE quotation_speakers SET speaker_id = 3 WHERE quotation_id = 3",
            "the speakers quoted in article 2.",
        ),
        (
            "UPDATE quotation_speakers SET role = 'mason' WHERE quotation_id = 3",
            "the speakers quoted in article 2.",
        ),
        ("UPDATE speakers SET name = 'Ann Leo' WHERE id = 1", "speakers about speaker 1."),
        (
            "UPDATE visibility SET collection_id = 33 WHERE article_id = 5",
            "that see article 5.",
        ),
        ("DELETE FROM visibility WHERE article_id = 5", "that see article 5."),
        ("UPDATE revisions SET body = replace(body, 'met', 'net')", "the history of article 13."),
        ("UPDATE feeds SET url = 'https://bad.example' WHERE id = 1", "feeds about feed 1."),
        (
            "UPDATE subscriptions SET collection_id = 33 WHERE feed_id = 1",
            "subscriptions about servers 11, 33.",
        ),
        (
            "UPDATE subscriptions SET channel_id = 5 WHERE feed_id = 1",
            "subscriptions about server 11.",
        ),
        (
            "UPDATE feed_entries SET article_id = 2 WHERE feed_id = 1",
            "feed_entries about feed 1.",
        ),
        ("UPDATE overrides SET collection_id = 22", "overrides about servers 11, 22."),
        (
            "UPDATE bot_state SET value = 'b' WHERE \"key\" = 'answer:1'",
            "bot_state about server 11.",
        ),
        (swapped("vectors", "vector", "passage_id"), "the vectors of article 2."),
        (swapped("passage_words_content", "c0", "id"), "passage_words."),
        ("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'articles'", "sqlite_sequence."),
        (
            "UPDATE checksums SET value = value + 1 WHERE part = 'vectors' AND owner = 2",
            "the vectors of article 2.",
        ),
    ],
)
def test_what_was_changed_behind_its_back_is_named(path: Path, statement: str, said: str) -> None:
    change(path, statement)
    found = problems(path)
    assert any(said in problem for problem in found), found


def test_an_index_of_words_that_says_other_than_its_rows_is_found(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE other USING fts5(words, tokenize = 'unicode61')")
        otherwise = "SELECT rowid, replace(words, 'mayor', 'major') FROM passage_words"
        connection.execute(f"INSERT INTO other (rowid, words) {otherwise}")
        for part in ("data", "idx"):
            connection.execute(f"DELETE FROM passage_words_{part}")
            connection.execute(f"INSERT INTO passage_words_{part} SELECT * FROM other_{part}")
        connection.execute("DROP TABLE other")
        connection.commit()
    assert "The full-text index of 2 words is not what its table says." in problems(path)


def test_damage_stays_visible_whatever_is_written_afterwards(path: Path) -> None:
    """A writer counts what it changes itself, and so takes nothing that was damaged for what was stored."""
    change(
        path,
        "UPDATE quotations SET content_start = content_start + 1 WHERE id = 3",
        "UPDATE bot_state SET value = 'b' WHERE \"key\" = 'answer:1'",
    )
    found = problems(path)
    assert len(found) == 2
    fill(path, articles=16)
    assert problems(path) == found


@pytest.mark.parametrize("number", range(FLIPS))
def test_one_wrong_byte_is_found_or_changes_nothing_that_can_be_read(
    sound: Path, path: Path, number: int, whole: dict[str, list[object]]
) -> None:
    """Every byte that counts for something is as likely as any other; those that are zero hold little, and are few."""
    chance = random.Random(SEED + number)
    raw = sound.read_bytes()
    used = [at for at in range(len(raw)) if raw[at]]
    at = chance.choice(used) if number % 10 else chance.randrange(len(raw))
    flip(path, at, raw[at] ^ chance.randrange(1, 256))
    if not problems(path):
        assert contents(path) == whole, f"byte {at} was changed, and nobody noticed"
