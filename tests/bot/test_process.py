"""The process as a platform runs it: its exit codes, and what a stop does to an answer in flight."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bot.fake_discord import FakeDiscord, fake_discord

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with fake_discord() as running:
        yield running


async def start(*arguments: str, **environment: str) -> Process:
    clean = {name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, cwd=ROOT, env={**clean, **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip


async def end_of(process: Process) -> tuple[int | None, str]:
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode, output.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_stop_lets_the_answer_in_flight_arrive_and_exits_with_zero(
    discord: FakeDiscord, number: signal.Signals
) -> None:
    process = await start("tests.bot.run_on_fake_discord", str(discord.port), "secret-token")
    await asyncio.wait_for(discord.ready.wait(), 15)
    await discord.send_command()
    await asyncio.wait_for(discord.acknowledged.wait(), 10)
    process.send_signal(number)
    code, output = await end_of(process)
    assert code == 0, output
    method, path, body = discord.requests[-1]
    assert (method, path) == ("PATCH", "/webhooks/11/interaction-token/messages/@original")
    assert body["embeds"][0]["title"].startswith("Gaza cease-fire vote")
    assert "secret-token" not in output
    assert "delegation" not in output


async def test_a_token_that_discord_refuses_is_one_kind_sentence(discord: FakeDiscord) -> None:
    code, output = await end_of(await start("tests.bot.run_on_fake_discord", str(discord.port), "invalid"))
    assert code == 1
    assert output.splitlines()[-1].startswith("Discord does not accept this DISCORD_TOKEN.")
    assert "Traceback" not in output


async def test_discord_out_of_reach_is_one_kind_sentence() -> None:
    code, output = await end_of(await start("tests.bot.run_on_fake_discord", "1", "secret-token"))
    assert code == 1
    assert output.splitlines()[-1].startswith("Discord cannot be reached:")
    assert "Traceback" not in output


async def test_without_a_token_the_preview_is_named(tmp_path: Path) -> None:
    code, output = await end_of(await start("bot", ARCHIVE_PATH=str(tmp_path / "a.sqlite3"), DISCORD_TOKEN=""))
    assert code == 2
    assert "python -m bot --preview" in output
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


async def test_a_bad_setting_is_named_with_its_value_and_the_reason() -> None:
    code, output = await end_of(await start("bot", DISCORD_TOKEN="secret-token", WORKERS="0"))
    assert code == 2
    assert "WORKERS" in output
    assert "'0'" in output
    assert "secret-token" not in output


async def test_an_archive_that_is_none_is_one_kind_sentence(tmp_path: Path) -> None:
    archive = tmp_path / "archive.sqlite3"
    archive.write_bytes(b"this is no archive" * 100)
    code, output = await end_of(await start("bot", DISCORD_TOKEN="secret-token", ARCHIVE_PATH=str(archive)))
    assert code == 3
    assert "Traceback" not in output


async def test_without_the_stand_in_for_discord_the_preview_says_how_to_install_it(tmp_path: Path) -> None:
    code = "import sys; sys.modules['simcord'] = None; from bot.__main__ import main; sys.exit(main(['--preview']))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, env={**os.environ, "ARCHIVE_PATH": str(tmp_path / "a.sqlite3")},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    ended, output = await end_of(process)
    assert ended == 2
    assert "pip install 'simcord[preview]'" in output
