"""Just enough of Discord on loopback for one bot to log in, receive one command and answer it."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

APPLICATION, USER, CHANNEL = "11", "22", "33"
_ME = {"id": APPLICATION, "username": "Pullquote", "discriminator": "0", "avatar": None, "bot": True}
_ABOUT: dict[str, object] = {
    "id": APPLICATION,
    "name": "Pullquote",
    "description": "",
    "summary": "",
    "icon": None,
    "verify_key": "",
    "rpc_origins": [],
    "bot_public": True,
    "bot_require_code_grant": False,
    "flags": 0,
    "team": None,
}
_INTERACTION = {
    "id": "1456074443980800001",
    "application_id": APPLICATION,
    "type": 2,
    "token": "interaction-token",
    "version": 1,
    "channel_id": CHANNEL,
    "channel": {"id": CHANNEL, "type": 1},
    "user": {"id": USER, "username": "asker", "discriminator": "0", "avatar": None},
    "locale": "en-US",
    "entitlements": [],
    "authorizing_integration_owners": {"1": USER},
    "context": 1,
    "attachment_size_limit": 0,
    "app_permissions": "0",
    "data": {
        "id": "44",
        "name": "ask",
        "type": 1,
        "options": [{"name": "question", "type": 3, "value": "why was the delegation cancelled"}],
    },
}


class FakeDiscord:
    """Keeps every request the bot made, in order, as method, path and body."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Any]] = []
        self.ready = asyncio.Event()
        self.acknowledged = asyncio.Event()
        self.port = 0
        self._socket: web.WebSocketResponse | None = None

    async def send_command(self) -> None:
        """A user sends `/ask`."""
        assert self._socket is not None
        await self._socket.send_json({"op": 0, "t": "INTERACTION_CREATE", "s": 2, "d": _INTERACTION})

    async def rest(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.content_type == "application/json" else None
        path = request.path.removeprefix("/api/v10")
        self.requests.append((request.method, path, body))
        if path.endswith("/callback"):
            self.acknowledged.set()
        if request.headers.get("Authorization") == "Bot invalid":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        return _json(self._answered(request.method, path, body))

    def _answered(self, method: str, path: str, body: object) -> object:
        if path == "/users/@me":
            return _ME
        if path.endswith("/commands"):
            return [{**command, "id": "44", "application_id": APPLICATION, "version": "1"} for command in body or []]  # type: ignore[attr-defined]  # JSON
        if path.endswith("/callback"):
            return {"interaction": {"id": _INTERACTION["id"], "type": 2, "response_message_id": "55"}}
        if method == "PATCH":
            return _message()
        return {**_ABOUT, "owner": _ME}

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        socket = self._socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}, "t": None, "s": None})
        async for message in socket:
            if message.type is WSMsgType.TEXT and message.json()["op"] == 2:
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": self._hello()})
                self.ready.set()
        return socket

    def _hello(self) -> dict[str, object]:
        application = {"id": APPLICATION, "flags": 0}
        return {"v": 10, "user": _ME, "guilds": [], "session_id": "s", "application": application,
                "resume_gateway_url": f"ws://127.0.0.1:{self.port}/ws", "private_channels": []}  # fmt: skip


def _json(body: object, status: int = 200) -> web.Response:
    """JSON of a content type without a character set, which is how discord.py tells JSON from text."""
    return web.Response(body=json.dumps(body), status=status, headers={"Content-Type": "application/json"})


def _message() -> dict[str, object]:
    return {"id": "55", "channel_id": CHANNEL, "author": _ME, "content": "", "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
            "attachments": [], "embeds": [], "pinned": False, "type": 20, "components": []}  # fmt: skip


@asynccontextmanager
async def fake_discord() -> AsyncIterator[FakeDiscord]:
    """Serves on a free port until the block ends."""
    discord = FakeDiscord()
    application = web.Application()
    application.router.add_get("/ws", discord.gateway)
    application.router.add_route("*", "/api/v10/{path:.*}", discord.rest)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    discord.port = runner.addresses[0][1]
    try:
        yield discord
    finally:
        await runner.cleanup()
