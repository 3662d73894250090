"""What Discord tells the bot of somebody who uses it: commands, buttons and half-typed options; and of a server."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bot.discord_exchanges import Message

APPLICATION, USER, CHANNEL = "11", "22", "33"
_EPOCH_MS: Final = 1_420_070_400_000
_COMMAND, _PRESS, _TYPING, _FORM = 2, 3, 4, 5
_SUBCOMMAND, _STRING, _INTEGER, _BOOLEAN, _CHANNEL = 1, 3, 4, 5, 7
_SPOKEN: Final = frozenset({2, 13})
_THREADS: Final = frozenset({10, 11, 12})
_THREAD: Final = {
    "archived": False,
    "auto_archive_duration": 1440,
    "archive_timestamp": "2026-01-01T00:00:00+00:00",
    "locked": False,
}
_numbers = itertools.count(1)


def new_id() -> str:
    """A number that says when it was made, which is now, as Discord's do."""
    return str(((time.time_ns() // 1_000_000 - _EPOCH_MS) << 22) + next(_numbers) % 4096)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel, of a kind as Discord numbers them; the one given here is for direct messages."""

    id: str = CHANNEL
    kind: int = 1
    name: str = "channel"
    parent: str | None = None

    def described(self) -> dict[str, Any]:
        """As Discord describes it."""
        of_a_thread = {"thread_metadata": _THREAD, "owner_id": USER, "message_count": 1, "member_count": 1}
        return {
            "id": self.id,
            "type": self.kind,
            "name": self.name,
            "parent_id": self.parent,
            "position": 0,
            "permissions": "0",
            "permission_overwrites": [],
            **(of_a_thread if self.kind in _THREADS else {}),
            **({"bitrate": 64_000, "user_limit": 0} if self.kind in _SPOKEN else {}),
        }


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody, in direct messages or in a server, where `permissions` says what they may do."""

    user: str = USER
    guild: str | None = None
    place: Place = field(default_factory=Place)
    permissions: int = 0
    locale: str = "en-US"

    def command(self, token: str, name: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """A command, `settings show` for one of a group."""
        return self._interaction(token, _COMMAND, _data(name, options))

    def typing(self, token: str, name: str, option: str, typed: str) -> dict[str, Any]:
        """An option of a command, half typed."""
        data = _data(name, {option: typed})
        options = data["options"][0]["options"] if " " in name else data["options"]
        options[0]["focused"] = True
        return self._interaction(token, _TYPING, data)

    def press(self, token: str, message: Message, custom_id: str) -> dict[str, Any]:
        """A button under a message."""
        data = {"custom_id": custom_id, "component_type": 2}
        return {**self._interaction(token, _PRESS, data), "message": self._message(message)}

    def send(self, token: str, form: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
        """A form, filled in."""
        given = {"text": "", "rest": "", "headline": "", "link": "", "date": "", **values}
        fields = [{"type": 4, "custom_id": name, "value": value} for name, value in given.items()]
        rows = [{"type": 1, "components": [field]} for field in fields]
        return self._interaction(token, _FORM, {"custom_id": form["custom_id"], "components": rows})

    def _message(self, message: Message) -> dict[str, Any]:
        body = message.body
        return {
            "id": new_id(),
            "channel_id": self.place.id,
            "author": {"id": APPLICATION, "username": "Pullquote", "discriminator": "0", "avatar": None, "bot": True},
            "content": body.get("content") or "",
            "embeds": [] if message.suppressed else body.get("embeds") or [],
            "components": body.get("components") or [],
            "flags": 64 * message.ephemeral | 4 * message.suppressed,
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "pinned": False,
            "type": 20,
            "interaction_metadata": {"id": "1", "type": 2, "user": _user(message.user),
                                     "authorizing_integration_owners": {}},
        }  # fmt: skip

    def _interaction(self, token: str, kind: int, data: dict[str, Any]) -> dict[str, Any]:
        user = _user(self.user)
        common = {
            "id": new_id(),
            "application_id": APPLICATION,
            "type": kind,
            "token": token,
            "version": 1,
            "channel_id": self.place.id,
            "channel": self.place.described(),
            "locale": self.locale,
            "entitlements": [],
            "attachment_size_limit": 0,
            "app_permissions": "0",
            "data": data,
        }
        if self.guild is None:
            return {**common, "user": user, "authorizing_integration_owners": {"1": self.user}, "context": 1}
        member = {
            "user": user,
            "roles": [],
            "joined_at": "2026-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
            "permissions": str(self.permissions),
        }
        server = {"guild_id": self.guild, "guild": {"id": self.guild, "locale": "en-US", "features": []}}
        return {**common, **server, "member": member, "authorizing_integration_owners": {"0": self.guild}, "context": 0}


def _user(identity: str) -> dict[str, Any]:
    return {"id": identity, "username": f"user {identity}", "discriminator": "0", "avatar": None}


def _data(name: str, options: Mapping[str, Any]) -> dict[str, Any]:
    given = [_option(option, value) for option, value in options.items()]
    command, _, sub = name.partition(" ")
    if sub:
        given = [{"name": sub, "type": _SUBCOMMAND, "options": given}]
    channels = {place.id: place.described() for place in options.values() if isinstance(place, Place)}
    return {"id": "44", "name": command, "type": 1, "options": given, "resolved": {"channels": channels}}


def _option(name: str, value: Any) -> dict[str, Any]:  # noqa: ANN401  # as each option is
    match value:
        case Place():
            return {"name": name, "type": _CHANNEL, "value": value.id}
        case bool():
            return {"name": name, "type": _BOOLEAN, "value": value}
        case int():
            return {"name": name, "type": _INTEGER, "value": value}
        case _:
            return {"name": name, "type": _STRING, "value": str(value)}


def server(identity: str, *places: Place) -> dict[str, Any]:
    """A server as Discord describes it to a bot that has just connected."""
    everyone = {"id": identity, "name": "@everyone", "color": 0, "hoist": False, "position": 0, "permissions": "0",
                "managed": False, "mentionable": False, "flags": 0}  # fmt: skip
    return {
        "id": identity,
        "name": "Newsreaders",
        "icon": None,
        "owner_id": "1",
        "region": "",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "roles": [everyone],
        "emojis": [],
        "features": [],
        "mfa_level": 0,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "member_count": 3,
        "large": False,
        "members": [],
        "channels": [place.described() for place in places if place.kind not in _THREADS],
        "threads": [place.described() for place in places if place.kind in _THREADS],
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "nsfw_level": 0,
        "premium_progress_bar_enabled": False,
    }
