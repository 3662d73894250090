"""What becomes of an interaction on Discord's side: the first response, the messages after it, and what is refused.

A public acknowledgement is a message that waits to be filled. Until it is, a further message fills it, private or not;
once it was deleted unfilled, Discord takes no further message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from tests.bot.discord_rules import EMPTY, broken_by, broken_by_choices, broken_by_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

EPHEMERAL: Final = 64
_SHOWN: Final = ("content", "embeds", "components", "attachments")
_LOADING, _CHANGES = 5, 7
_ESCAPED: Final = re.compile(r"\\([^\w\s])")


class Refused(Exception):
    """Discord's answer to what it does not take: a status, a code of its own, and why."""

    def __init__(self, status: int, code: int, why: str) -> None:
        super().__init__(f"{status} {code} {why}")
        self.status, self.code = status, code


@dataclass(slots=True)
class Message:
    """A message as people see it."""

    id: int
    ephemeral: bool
    user: str
    """Whose command, or whose press, it answers."""
    loading: bool = False
    deleted: bool = False
    suppressed: bool = False
    """A moderator has removed its embeds."""
    body: dict[str, Any] = field(default_factory=dict)

    def fill(self, body: Mapping[str, Any]) -> None:
        """Shows what the body says, and goes on showing what it does not speak of. Raises Refused."""
        new = {**self.body, **{name: body[name] for name in _SHOWN if name in body}}
        _check(broken_by(new))
        self.body, self.loading = new, False

    @property
    def text(self) -> str:
        """Everything that it says, one part a line, without the signs of escaping."""
        return _ESCAPED.sub(r"\1", "\n".join(filter(None, self._texts())))

    def _texts(self) -> Iterator[str]:
        yield self.body.get("content") or ""
        for embed in [] if self.suppressed else self.body.get("embeds") or []:
            yield from (embed.get("author", {}).get("name", ""), embed.get("title", ""), embed.get("description", ""))
            yield from chain.from_iterable((each["name"], each["value"]) for each in embed.get("fields", []))
            yield embed.get("footer", {}).get("text", "")

    @property
    def buttons(self) -> dict[str, str]:
        """The custom ids by what the buttons say."""
        rows = self.body.get("components") or []
        buttons = [each for row in rows for each in row["components"] if "label" in each]
        return {button["label"]: button["custom_id"] for button in buttons}


@dataclass(slots=True)
class Exchange:
    """One interaction, and everything that was shown because of it."""

    token: str
    user: str
    source: Message | None = None
    """The message whose button was pressed."""
    response: int | None = None
    """The kind of the first response."""
    original: Message | None = None
    others: list[Message] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)
    form: dict[str, Any] | None = None

    @property
    def messages(self) -> list[Message]:
        """Those that are there, the first response first."""
        made = [] if self.original is None or self.original is self.source else [self.original]
        return [message for message in (*made, *self.others) if not message.deleted]

    @property
    def settled(self) -> bool:
        """Whether the user waits for nothing any more."""
        return self.response is not None and not any(message.loading for message in self.messages)


class Exchanges:
    """All interactions by their tokens."""

    def __init__(self) -> None:
        self.by_token: dict[str, Exchange] = {}
        self._last_id = 5000

    def begin(self, token: str, user: str, source: Message | None = None) -> Exchange:
        """A user does something."""
        return self.by_token.setdefault(token, Exchange(token, user, source))

    def respond(self, token: str, body: Mapping[str, Any]) -> None:
        """The bot's first response. Raises Refused."""
        exchange = self._known(token, 10062)
        if exchange.response is not None:
            raise Refused(400, 40060, "responded already")
        kind, data = body["type"], body.get("data") or {}
        match kind:
            case 4 | 5:
                exchange.original = self._new(exchange, data, loading=kind == _LOADING)
            case 6 | 7:
                exchange.original = exchange.source
                if kind == _CHANGES:
                    _present(exchange.source).fill(data)
            case 8:
                _check(broken_by_choices(data["choices"]))
                exchange.choices = data["choices"]
            case 9:
                _check(broken_by_form(data))
                exchange.form = data
        exchange.response = kind

    def edit(self, token: str, body: Mapping[str, Any]) -> Message:
        """The bot changes the first response, or the message whose button was pressed. Raises Refused."""
        message = _present(self._answering(token).original)
        message.fill(body)
        return message

    def delete(self, token: str) -> None:
        """The bot deletes that message. Raises Refused."""
        _present(self._answering(token).original).deleted = True

    def follow_up(self, token: str, body: Mapping[str, Any]) -> Message:
        """The bot sends one more message. Raises Refused."""
        exchange = self._answering(token)
        if exchange.original is not None and exchange.original.loading:
            return self.edit(token, body)
        message = self._new(exchange, body, loading=False)
        exchange.others.append(message)
        return message

    def _new(self, exchange: Exchange, data: Mapping[str, Any], *, loading: bool) -> Message:
        self._last_id += 1
        message = Message(self._last_id, bool(data.get("flags", 0) & EPHEMERAL), exchange.user, loading)
        if not loading:
            message.fill(data)
        return message

    def _answering(self, token: str) -> Exchange:
        exchange = self._known(token, 10015)
        if exchange.response is None:
            raise Refused(404, 10015, "not responded yet")
        return exchange

    def _known(self, token: str, code: int) -> Exchange:
        if token not in self.by_token:
            raise Refused(404, code, "no such interaction")
        return self.by_token[token]


def _present(message: Message | None) -> Message:
    if message is None or message.deleted:
        raise Refused(404, 10008, "no such message")
    return message


def _check(rules: Iterable[str]) -> None:
    broken = list(rules)
    if broken:
        raise Refused(400, 50006 if EMPTY in broken else 50035, "; ".join(broken))
