"""The process as a platform runs it: its exit codes, and what a stop does to an answer in flight."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from typing import TYPE_CHECKING

import pytest

from config.exit_codes import ExitCode
from tests.bot.discord_people import Asker
from tests.bot.fake_discord import ANSWER, CALLBACK, CUT, FakeDiscord, Fault, fake_discord
from tests.support.paths import ROOT
from tests.support.sizes import some

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from pathlib import Path


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


def last_line(output: str) -> dict[str, str]:
    """The log's last line; every line before it is JSON too."""
    lines: list[dict[str, str]] = [json.loads(line) for line in output.splitlines()]
    return lines[-1]


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


async def test_systemd_hears_that_the_bot_is_ready_then_that_it_lives_then_that_it_stops(
    discord: FakeDiscord, tmp_path: Path
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        process = await start(
            "tests.bot.run_on_fake_discord",
            str(discord.port),
            "secret-token",
            NOTIFY_SOCKET=str(tmp_path / "notify"),
            WATCHDOG_USEC="600000",
        )
        said: list[bytes] = []
        while b"READY=1" not in said[:-2]:
            said.append(await asyncio.to_thread(manager.recv, 9999))
        process.send_signal(signal.SIGTERM)
        code, output = await end_of(process)
        manager.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                said.append(manager.recv(9999))
    assert code == 0, output
    assert said.count(b"READY=1") == 1
    assert any(each.startswith(b"WATCHDOG=1\nSTATUS=well; ") for each in said[said.index(b"READY=1") :])
    assert b"STOPPING=1" in said[-3:]


async def test_a_stop_under_load_lets_ten_answers_arrive_and_takes_less_than_ten_seconds(discord: FakeDiscord) -> None:
    process = await start("tests.bot.run_on_fake_discord", str(discord.port), "secret-token")
    await asyncio.wait_for(discord.ready.wait(), 15)
    tokens = [f"token-{number}" for number in range(10)]
    for number, token in enumerate(tokens):  # of somebody else each
        question = {"question": "why was the delegation cancelled"}
        await discord.send(Asker(str(100 + number)).command(token, "ask", question))
    async with asyncio.timeout(10):
        while discord.tries(CALLBACK) < len(tokens):  # noqa: ASYNC110  # what is waited for sets no event
            await asyncio.sleep(0.01)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code, output = await end_of(process)
    assert code == 0, output
    assert time.monotonic() - began < 10
    given = {token for token, body in discord.answered.items() if body["embeds"]}
    assert given == set(tokens)


async def test_a_token_that_is_withdrawn_while_the_bot_runs_is_one_kind_sentence(discord: FakeDiscord) -> None:
    process = await start("tests.bot.run_on_fake_discord", str(discord.port), "secret-token")
    await asyncio.wait_for(discord.ready.wait(), 15)
    await discord.hang_up(4004)
    code, output = await end_of(process)
    assert code == ExitCode.REFUSED
    assert last_line(output)["message"].startswith("Discord does not accept this DISCORD_TOKEN.")
    assert "Traceback" not in output


async def test_no_secret_is_in_the_log_at_its_most_talkative_whatever_goes_wrong(discord: FakeDiscord) -> None:
    """Neither the bot's token, nor the tokens by which commands are answered, nor what was asked."""
    process = await start("tests.bot.run_on_fake_discord", str(discord.port), "secret-token", "DEBUG")
    await asyncio.wait_for(discord.ready.wait(), 15)
    discord.fail(ANSWER, Fault(500), CUT, Fault(400))  # the last of them with a traceback
    await discord.send_command("token-of-an-answer")
    async with asyncio.timeout(30):
        while not discord.tries("/webhooks/11/token-of-an-answer"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await discord.hang_up(4009)
    await asyncio.wait_for(discord.resumed.wait(), 20)
    await discord.hang_up(4004)
    code, output = await end_of(process)
    assert code == ExitCode.REFUSED
    assert "traceback" in output
    assert [word for word in ("secret-token", "token-of-an-answer", "delegation") if word in output] == []


async def test_a_token_that_discord_refuses_is_one_kind_sentence(discord: FakeDiscord) -> None:
    code, output = await end_of(await start("tests.bot.run_on_fake_discord", str(discord.port), "invalid"))
    assert code == ExitCode.REFUSED
    assert last_line(output)["message"].startswith("Discord does not accept this DISCORD_TOKEN.")
    assert "Traceback" not in output


async def test_discord_out_of_reach_is_one_kind_sentence() -> None:
    code, output = await end_of(await start("tests.bot.run_on_fake_discord", "1", "secret-token"))
    assert code == ExitCode.UNREACHABLE
    assert last_line(output)["message"].startswith("Discord cannot be reached:")
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


@pytest.mark.parametrize(
    ("settings", "code"),
    some(
        [
            ({"WORKERS": "0"}, ExitCode.BAD_INPUT),
            ({"DISCORD_TOKEN": ""}, ExitCode.BAD_INPUT),
            ({"ARCHIVE_PATH": "/dev/null"}, ExitCode.UNUSABLE),
        ],
        2,
    ),
)
async def test_whatever_ends_the_bot_is_said_in_json_where_the_log_is_json(
    settings: dict[str, str], code: ExitCode
) -> None:
    ended, output = await end_of(await start("bot", **{"DISCORD_TOKEN": "t", "LOG_FORMAT": "json", **settings}))
    assert ended == code
    assert last_line(output)["level"] == "CRITICAL"


async def test_an_exception_that_nobody_foresaw_is_a_line_of_the_log() -> None:
    code = (
        "import threading, bot.__main__ as b\n"
        "def fall(*_): threading.Thread(target=lambda: 1 / 0, name='aside').start(); raise RuntimeError('unforeseen')\n"
        "b._discord = fall\n"
        "b.main([])"
    )
    environment = {**os.environ, "DISCORD_TOKEN": "secret-token", "LOG_FORMAT": "json"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    ended, output = await end_of(process)
    assert ended == 1
    said = [json.loads(line) for line in output.splitlines()]
    assert {line["message"] for line in said} == {"Uncaught RuntimeError", "Uncaught ZeroDivisionError in thread aside"}
    assert all("Traceback" in line["traceback"] for line in said)


async def test_without_the_stand_in_for_discord_the_preview_says_how_to_install_it(tmp_path: Path) -> None:
    code = "import sys; sys.modules['simcord'] = None; from bot.__main__ import main; sys.exit(main(['--preview']))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=ROOT, env={**os.environ, "ARCHIVE_PATH": str(tmp_path / "a.sqlite3")},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    ended, output = await end_of(process)
    assert ended == 2
    assert "pip install 'simcord[preview]'" in output


@pytest.mark.parametrize("port", some(["taken", "99999", "-1"], 3))
async def test_a_port_that_the_preview_cannot_use_is_refused_before_anything_is_loaded(
    port: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = str(server.getsockname()[1]) if port == "taken" else port
        archive = tmp_path / "a.sqlite3"
        code, output = await end_of(
            await start("bot", "--preview", f"--port={number}", ARCHIVE_PATH=str(archive), LOG_FORMAT="json")
        )
    assert code == ExitCode.BAD_INPUT
    assert last_line(output)["message"].startswith(f"The preview cannot be shown at port {number}: ")
    assert not archive.exists()
