"""Two servers with the real newsroom behind the bot: what moderators do is done to a real archive."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import simcord
from simcord.actors import MemberActor

from bot.client import PullquoteBot
from bot.preview import LiveClock
from retrieval.domain.ids import CollectionId
from retrieval.domain.scope import Scope
from tests.support.fakes import FakeFetcher
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.builders import ChannelHandle, GuildHandle
    from simcord.results import InteractionResult, ResponseMessage

    from retrieval.newsroom import Newsroom

BRIDGE = (
    "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings.\n\n"
    "“Nobody was ever in danger,” said Ada Okafor, the mayor of Port Selby.\n\n"
    "Engineers hope to reopen one lane within a week, the port authority told residents in a letter.\n"
)


@dataclass(slots=True)
class Server:
    """A server with somebody who owns it, and with somebody who may nothing in particular."""

    guild: GuildHandle
    channel: ChannelHandle
    owner: MemberActor
    member: MemberActor

    @property
    def scope(self) -> Scope:
        return Scope(CollectionId(self.guild.id))

    async def slash(self, command: str, **options: Any) -> InteractionResult:  # noqa: ANN401 - as each option is
        return await self.slash_by(self.owner, command, **options)

    async def slash_by(self, who: MemberActor, command: str, **options: Any) -> InteractionResult:  # noqa: ANN401
        return await who.slash(self.channel, command, **options)

    async def click(self, message: ResponseMessage | None, label: str) -> InteractionResult:
        assert message is not None
        return await self.owner.click(message, label=label)


@dataclass(slots=True)
class Desks:
    """The bot in two servers."""

    env: simcord.Env
    room: Newsroom
    web: FakeFetcher
    one: Server
    other: Server

    @property
    def bot(self) -> PullquoteBot:
        return cast("PullquoteBot", self.env.bot)


@asynccontextmanager
async def two_servers(folder: Path) -> AsyncIterator[Desks]:
    """The bot over an archive in the folder, without seeds; its clock runs."""
    web = FakeFetcher()
    with newsroom_in(folder, fetcher=web) as room:
        env = simcord.Env(PullquoteBot(room, version="0.1.0", cooldown_seconds=0))
        env.backend.clock = LiveClock()
        await env.start()
        try:
            yield Desks(env, room, web, _server(env, "One"), _server(env, "Other"))
        finally:
            await env.shutdown()
            await env.bot.close()
        env.raise_errors()


def _server(env: simcord.Env, name: str) -> Server:
    boss = env.create_user(f"boss of {name}")
    guild = env.create_guild(name, owner=boss)
    member = guild.add_member(env.create_user(f"member of {name}"))
    return Server(guild, guild.create_text_channel("news"), MemberActor(env, guild, boss), member)
