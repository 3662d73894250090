"""While the archive's disk is full members are answered, and told why nothing changes; then it goes on by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from retrieval.errors import ArchiveError, ArchiveFull, ArchiveReadOnly
from tests.articles import BRIDGE
from tests.bot.conftest import text_of
from tests.bot.desks import two_servers

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "why was the harbour bridge closed"


@pytest.mark.parametrize(("kind", "said"), [(ArchiveFull, "is full"), (ArchiveReadOnly, "cannot be written")])
async def test_a_disk_that_cannot_be_written_keeps_nobody_from_being_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[ArchiveError], said: str
) -> None:
    async with two_servers(tmp_path) as desks:
        desks.room.add_article(BRIDGE)
        connections = desks.room._archive._connections
        usual = connections._access
        connections._access = replace(usual, why_not=kind)
        monkeypatch.setattr("retrieval.archive.connections.find_access", lambda *_: replace(usual, why_not=kind))

        assert "Harbour bridge closed" in text_of(await desks.one.slash("ask", question=QUESTION))
        assert "Nobody called" in text_of(await desks.one.slash("quote", speaker="Nobody"))
        refused = await desks.one.slash("settings private", only_asker=True)
        assert said in text_of(refused)

        monkeypatch.undo()
        accepted = await desks.one.slash("settings private", only_asker=True)
        assert said not in text_of(accepted)
        assert desks.bot.service.preferences.of(desks.one.guild.id).private
