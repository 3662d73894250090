"""While the archive's disk is full members are answered, and told why nothing changes; then it goes on by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.render import notices
from retrieval.archive.sqlite.connections import SQLiteConnections
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED
from retrieval.errors import (
    ArchiveCorrupt,
    ArchiveError,
    ArchiveFull,
    ArchiveLocked,
    ArchiveReadOnly,
    ArchiveTooNew,
)
from tests.bot.conftest import labels_of, text_of
from tests.bot.desks import two_servers
from tests.support.articles import BRIDGE

QUESTION = "why was the harbour bridge closed"
REOPENED = Draft(
    "First buses cross again\n\n"
    "Buses cross the harbour again since this morning. "
    "For a month drivers had to go round, because the bridge was closed.\n"
)


@pytest.mark.parametrize(
    ("kind", "said"), [(ArchiveFull, "My disk is full"), (ArchiveReadOnly, "My archive cannot be written")]
)
async def test_a_disk_that_cannot_be_written_keeps_nobody_from_being_answered(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    kind: type[ArchiveError],
    said: str,
) -> None:
    async with two_servers(tmp_path) as desks:
        desks.room.importer.add(BRIDGE, SHARED)
        desks.room.importer.add(REOPENED, SHARED)
        connections = desks.room._archive._connections
        assert isinstance(connections, SQLiteConnections)
        usual = connections._access
        connections._access = replace(usual, write_error=kind)
        monkeypatch.setattr(
            "retrieval.archive.sqlite.connections.find_access", lambda *_, **__: replace(usual, write_error=kind)
        )

        answered = await desks.one.slash("ask", question=QUESTION)
        assert "Harbour bridge closed" in text_of(answered)
        await desks.one.click(answered.response, "More passages")
        assert "I no longer remember" not in text_of(answered)
        assert "Back" in labels_of(answered)
        assert "Nobody called" in text_of(await desks.one.slash("quote", speaker="Nobody"))
        refused = await desks.one.slash("settings private", only_asker=True)
        assert said in text_of(refused)
        assert str(tmp_path) not in text_of(refused)
        assert str(tmp_path) in caplog.text

        monkeypatch.undo()
        accepted = await desks.one.slash("settings private", only_asker=True)
        assert said not in text_of(accepted)
        assert desks.bot.service.guild_settings.of(desks.one.guild.id).private


async def test_about_says_that_the_archive_is_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with two_servers(tmp_path) as desks:
        assert "read-only" not in text_of(await desks.one.slash("about"))
        monkeypatch.setattr("retrieval.archive.sqlite.measuring.os.access", lambda place, _: place != tmp_path)
        assert "Archive read-only\nMy archive cannot be written" in text_of(await desks.one.slash("about"))


@pytest.mark.parametrize("kind", [ArchiveError, ArchiveLocked, ArchiveCorrupt, ArchiveTooNew])
def test_no_trouble_of_the_archive_tells_members_where_it_is(kind: type[ArchiveError]) -> None:
    said = notices.refusal(kind(path=Path("/srv/pullquote/a.sqlite3"), cause=OSError("no"))).content or ""
    assert said.startswith("My archive")
    assert "srv" not in said
    assert "ARCHIVE_PATH" not in said
