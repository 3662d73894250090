"""Two servers on the stand-in for Discord, whose members use commands and forms; every interaction is timed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web
from typing_extensions import override

from bot.render.articles import READING_FILE, READING_PAGE, READING_TEXT
from bot.render.feeds import READING
from bot.render.notices import STARTING, WAITING
from tests.bot.discord_people import APPLICATION, new_id
from tests.bot.fake_discord import ANSWER, CALLBACK, FakeDiscord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIRST_SERVER, SECOND_SERVER = "1000", "2000"
_MANAGE_SERVER: Final = str(1 << 5)
_MODAL: Final = 9
_STRING, _ATTACHMENT = 3, 11
_MEANWHILE: Final = (READING, READING_FILE, READING_PAGE, READING_TEXT, STARTING, WAITING)
"""What is shown until there is an outcome."""


@dataclass(slots=True)
class Interaction:
    """What became of one command or form: moments by the monotonic clock, and the last thing that was said."""

    sent: float
    acknowledged: float | None = None
    answered: float | None = None
    callback: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def text(self) -> str:
        """What was said, without its form."""
        parts = [self.said.get("content") or ""]
        for embed in self.said.get("embeds") or ():
            parts += [embed.get("title") or "", embed.get("description") or ""]
        return " · ".join(part for part in parts if part)


class TwoServers(FakeDiscord):
    """Discord with two servers of one channel each. `files` are handed out as attachments."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, bytes] = {}
        self.interactions: dict[str, Interaction] = {}
        self._number = 0

    async def ask(self, server: str, question: str, user: int) -> Interaction:
        """A member uses `/ask`."""
        options = [{"name": "question", "type": _STRING, "value": question}]
        return await self._send(server, user, 2, {"id": "44", "name": "ask", "type": 1, "options": options})

    async def add(self, server: str, *, url: str | None = None, file: str | None = None) -> Interaction:
        """A moderator uses `/article add` with a link, a file or neither."""
        options: list[dict[str, object]] = []
        resolved: dict[str, object] = {}
        if url is not None:
            options.append({"name": "url", "type": _STRING, "value": url})
        if file is not None:
            options.append({"name": "file", "type": _ATTACHMENT, "value": "900"})
            address = f"http://127.0.0.1:{self.port}/files/{file}"
            attachment = {"id": "900", "filename": file, "size": len(self.files[file]), "url": address,
                          "proxy_url": address}  # fmt: skip
            resolved = {"attachments": {"900": attachment}}
        return await self._group(server, "article", "add", options, resolved)

    async def follow(self, server: str, url: str) -> Interaction:
        """A moderator uses `/feed add`."""
        return await self._group(server, "feed", "add", [{"name": "url", "type": _STRING, "value": url}], {})

    async def submit(self, server: str, form: Interaction, values: Mapping[str, str]) -> Interaction:
        """A moderator sends a form that was opened; `values` by the labels of the fields."""
        rows = form.callback["data"]["components"]
        fields = [component for row in rows for component in row.get("components", ())]
        sent = [{"type": 1, "components": [{"type": 4, "custom_id": field["custom_id"],
                 "value": values.get(field["label"], "")}]} for field in fields]  # fmt: skip
        return await self._send(server, 9, 5, {"custom_id": form.callback["data"]["custom_id"], "components": sent})

    async def _group(
        self, server: str, group: str, name: str, options: Sequence[object], resolved: Mapping[str, object]
    ) -> Interaction:
        command = {"name": name, "type": 1, "options": list(options)}
        data = {"id": "44", "name": group, "type": 1, "options": [command], "resolved": dict(resolved)}
        return await self._send(server, 9, 2, data)

    async def _send(self, server: str, user: int, kind: int, data: dict[str, Any]) -> Interaction:
        self._number += 1
        token = f"token-{self._number}"
        person = {"id": str(user), "username": f"user{user}", "discriminator": "0", "avatar": None}
        member = {"user": person, "roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False,
                  "flags": 0, "permissions": _MANAGE_SERVER}  # fmt: skip
        payload = {
            "id": new_id(), "application_id": APPLICATION,
            "type": kind, "token": token, "version": 1, "guild_id": server, "channel_id": server + "1",
            "channel": {"id": server + "1", "type": 0}, "member": member, "locale": "en-US", "guild_locale": "en-US",
            "entitlements": [], "authorizing_integration_owners": {"0": server}, "context": 0,
            "attachment_size_limit": 10_000_000, "app_permissions": "0", "data": data,
        }  # fmt: skip
        interaction = self.interactions[token] = Interaction(time.monotonic())
        await self.send(payload)
        return interaction

    @override
    def _take(self, method: str, path: str, body: object) -> None:
        super()._take(method, path, body)
        self.requests.clear()
        self.answered.clear()
        token = next((part for part in path.split("/") if part.startswith("token-")), "")
        interaction = self.interactions.get(token)
        if interaction is None or not isinstance(body, dict):
            return
        if path.endswith(CALLBACK):
            interaction.acknowledged = time.monotonic()
            interaction.callback = body
            if body["type"] == _MODAL:
                interaction.done.set()
            elif body["type"] == 4:  # a message at once
                self._answer(interaction, body.get("data") or {})
        elif path.endswith((ANSWER, f"/{token}")) and method in {"PATCH", "POST"}:
            self._answer(interaction, body)

    def _answer(self, interaction: Interaction, body: dict[str, Any]) -> None:
        if body.get("embeds") or body.get("content") not in _MEANWHILE:
            interaction.answered = time.monotonic()
            interaction.said = body
            interaction.done.set()

    @override
    async def _gateway_said(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
        await super()._gateway_said(socket, message)
        if message["op"] == 2:  # identify
            for server in (FIRST_SERVER, SECOND_SERVER):
                self._sequence += 1
                await socket.send_json({"op": 0, "t": "GUILD_CREATE", "s": self._sequence, "d": _guild(server)})

    @override
    def routes(self) -> list[web.RouteDef]:
        return [web.get("/files/{name}", self._file), *super().routes()]

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """An attachment."""
        return web.Response(body=self.files[request.match_info["name"]])


def _guild(server: str) -> dict[str, object]:
    everyone = {"id": server, "name": "@everyone", "permissions": "2048", "position": 0, "color": 0, "hoist": False,
                "managed": False, "mentionable": False, "flags": 0}  # fmt: skip
    channel = {"id": server + "1", "type": 0, "name": "news", "position": 0, "permission_overwrites": [], "nsfw": False,
               "parent_id": None}  # fmt: skip
    me = {"user": {"id": APPLICATION, "username": "Pullquote", "discriminator": "0", "avatar": None, "bot": True},
          "roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}  # fmt: skip
    return {"id": server, "name": f"Server {server}", "icon": None, "owner_id": "9", "unavailable": False,
            "member_count": 2, "large": False, "members": [me], "roles": [everyone], "channels": [channel],
            "threads": [], "emojis": [], "stickers": [], "features": [], "voice_states": [], "presences": [],
            "verification_level": 0, "default_message_notifications": 1, "explicit_content_filter": 0, "mfa_level": 0,
            "nsfw_level": 0, "premium_tier": 0, "preferred_locale": "en-US", "afk_timeout": 300,
            "system_channel_id": None, "system_channel_flags": 0, "stage_instances": [],
            "guild_scheduled_events": []}  # fmt: skip
