"""Just enough of Discord on loopback for one bot to log in, receive commands and answer them; and Discord's faults."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.bot.discord_exchanges import Exchanges, Refused
from tests.bot.discord_people import APPLICATION, CHANNEL, Asker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.bot.discord_exchanges import Message

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


@dataclass(frozen=True, slots=True)
class Fault:
    """What Discord says in place of an answer. Status 0: nothing, the line is cut; `done`: the request counted."""

    status: int
    code: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, object] = field(default_factory=dict)
    done: bool = False
    after_seconds: float = 0.0


def rate_limited(seconds: float) -> Fault:
    """429, to be tried again after some seconds."""
    body: dict[str, object] = {"retry_after": seconds, "global": False}
    return Fault(429, body=body, headers={"Retry-After": str(seconds), "Via": "1.1 fake"})


CUT = Fault(0)
CUT_AFTER = Fault(0, done=True)
"""The request arrived, its answer did not."""
UNKNOWN_INTERACTION = Fault(404, 10062)
KNOWN_ALREADY = Fault(400, 40060)
TOKEN_EXPIRED = Fault(401, 50027)
CALLBACK, ANSWER = "/callback", "/messages/@original"


class FakeDiscord:
    """Keeps every request the bot made, in order, as method, path and body."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, Any]] = []
        self.ready = asyncio.Event()
        self.resumed = asyncio.Event()
        self.acknowledged = asyncio.Event()
        self.port = 0
        self.away = False
        """While so, no gateway connection is taken."""
        self.forgetful = False
        """While so, no session can be resumed."""
        self.identified = 0
        self.answered: dict[str, Any] = {}
        """The body of the last edit that was taken, by the interaction's token."""
        self.exchanges = Exchanges()
        self.refused: list[str] = []
        """What Discord did not take, apart from the faults that were asked for."""
        self.guild: dict[str, Any] | None = None
        """The server that the bot is a member of."""
        self._faults: dict[str, deque[Fault]] = {}
        self._sequence = 1
        self._socket: web.WebSocketResponse | None = None

    async def send_command(
        self, token: str = "interaction-token", question: str = "why was the delegation cancelled"
    ) -> None:
        """A user sends `/ask`."""
        await self.send(Asker().command(token, "ask", {"question": question}))

    async def send(self, interaction: dict[str, Any], source: Message | None = None) -> None:
        """A user does something; `source` is the message whose button they press."""
        user = interaction["member"]["user"] if "member" in interaction else interaction["user"]
        self.exchanges.begin(interaction["token"], user["id"], source)
        await self.tell("INTERACTION_CREATE", interaction)

    async def tell(self, event: str, data: dict[str, Any]) -> None:
        """Something happens that the bot is told of."""
        assert self._socket is not None
        self._sequence += 1
        await self._socket.send_json({"op": 0, "t": event, "s": self._sequence, "d": data})

    def fail(self, path_ending: str, *faults: Fault) -> None:
        """The next requests to such a path meet these, one each."""
        self._faults.setdefault(path_ending, deque()).extend(faults)

    async def hang_up(self, code: int) -> None:
        """Discord closes the gateway's connection."""
        assert self._socket is not None
        self.ready.clear()
        self.resumed.clear()
        await self._socket.close(code=code)

    async def cut_gateway(self) -> None:
        """The gateway's connection breaks without a word."""
        assert self._socket is not None
        self.ready.clear()
        self.resumed.clear()
        assert self._socket._req is not None
        assert self._socket._req.transport is not None
        self._socket._req.transport.abort()

    def tries(self, path_ending: str) -> int:
        """How often such a path was asked for."""
        return sum(path.endswith(path_ending) for _, path, _ in self.requests)

    async def rest(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        path = request.path.removeprefix("/api/v10")
        self.requests.append((request.method, path, body))
        fault = self._fault(path)
        refusal = self._refusal(request.method, path, body) if fault is None or fault.done else None
        if fault is not None:
            return await self._failed(request, fault)
        if refusal is not None:
            return _json({"message": str(refusal), "code": refusal.code}, status=refusal.status)
        if request.headers.get("Authorization") == "Bot invalid":
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        return _json(self._answered(request.method, path, body))

    def _fault(self, path: str) -> Fault | None:
        waiting = next((faults for ending, faults in self._faults.items() if path.endswith(ending) and faults), None)
        return waiting.popleft() if waiting else None

    def _refusal(self, method: str, path: str, body: object) -> Refused | None:
        """Does what is asked; or why Discord does not."""
        try:
            self._take(method, path, body)
        except Refused as refused:
            self.refused.append(f"{method} {path}: {refused}")
            return refused
        return None

    def _take(self, method: str, path: str, body: Any) -> None:  # noqa: ANN401  # JSON
        if path.endswith(CALLBACK):
            self.exchanges.respond(path.split("/")[-2], body)
            self.acknowledged.set()
        elif "/webhooks/" in path:
            token = path.split("/")[3]
            match method, path.endswith(ANSWER):
                case "PATCH", True:
                    self.exchanges.edit(token, body)
                    self.answered[token] = body
                case "DELETE", True:
                    self.exchanges.delete(token)
                case "POST", False:
                    self.exchanges.follow_up(token, body)

    async def _failed(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        await asyncio.sleep(fault.after_seconds)
        if not fault.status:
            assert request.transport is not None
            request.transport.abort()
        body = {"message": f"fault {fault.status}", "code": fault.code, **fault.body}
        return _json(body, status=fault.status or 500, headers=fault.headers)

    def _answered(self, method: str, path: str, body: object) -> object:
        if path == "/users/@me":
            return _ME
        if path.endswith("/commands"):
            # a menu has no description
            given = {"description": "", "id": "44", "application_id": APPLICATION, "version": "1"}
            return [{**given, **command} for command in body or []]  # type: ignore[attr-defined]  # JSON
        if path.endswith(CALLBACK):
            return {"interaction": {"id": "1", "type": 2, "response_message_id": "55"}}
        if method == "PATCH" or (method == "POST" and "/webhooks/" in path):
            return _message()
        return {**_ABOUT, "owner": _ME}

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        return [web.get("/ws", self.gateway), web.route("*", "/api/v10/{path:.*}", self.rest)]

    async def gateway(self, request: web.Request) -> web.StreamResponse:
        if self.away:
            return web.Response(status=503)
        socket = self._socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}, "t": None, "s": None})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._gateway_said(socket, message.json())
        return socket

    async def _gateway_said(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
        match message["op"]:
            case 1:
                await socket.send_json({"op": 11, "d": None, "t": None, "s": None})
            case 2:
                self.identified += 1
                self._sequence = 1
                await socket.send_json({"op": 0, "t": "READY", "s": 1, "d": self._hello()})
                if self.guild is not None:
                    self._sequence += 1
                    await socket.send_json({"op": 0, "t": "GUILD_CREATE", "s": self._sequence, "d": self.guild})
                self.ready.set()
            case 6 if self.forgetful:
                await socket.send_json({"op": 9, "d": False, "t": None, "s": None})
            case 6:
                self._sequence += 1
                await socket.send_json({"op": 0, "t": "RESUMED", "s": self._sequence, "d": {}})
                self.resumed.set()

    def _hello(self) -> dict[str, object]:
        application = {"id": APPLICATION, "flags": 0}
        guilds = [{"id": self.guild["id"], "unavailable": True}] if self.guild else []
        return {"v": 10, "user": _ME, "guilds": guilds, "session_id": "s", "application": application,
                "resume_gateway_url": f"ws://127.0.0.1:{self.port}/ws", "private_channels": []}  # fmt: skip


async def _body(request: web.Request) -> Any:  # noqa: ANN401  # JSON
    """The JSON of a request, also of one that carries files."""
    if request.content_type == "application/json":
        return await request.json()
    if request.content_type == "multipart/form-data":
        return json.loads(str((await request.post())["payload_json"]))
    return None


def _json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """JSON of a content type without a character set, which is how discord.py tells JSON from text."""
    return web.Response(
        body=json.dumps(body), status=status, headers={"Content-Type": "application/json", **(headers or {})}
    )


def _message() -> dict[str, object]:
    return {"id": "55", "channel_id": CHANNEL, "author": _ME, "content": "", "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
            "attachments": [], "embeds": [], "pinned": False, "type": 20, "components": []}  # fmt: skip


@asynccontextmanager
async def fake_discord(discord: FakeDiscord | None = None) -> AsyncIterator[FakeDiscord]:
    """Serves on a free port until the block ends."""
    discord = discord or FakeDiscord()
    application = web.Application()
    application.add_routes(discord.routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    discord.port = runner.addresses[0][1]
    try:
        yield discord
    finally:
        await runner.cleanup()
