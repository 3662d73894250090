"""The form into which an article's text is pasted, with what is known of it.

It may stay open for long: whether whoever sends it may still add articles is asked when it is sent.
"""

from __future__ import annotations

import asyncio
import functools
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from typing_extensions import override

from bot.checks import home_of, may_add
from bot.render import articles, notices, servers
from bot.threads.request import LongWork
from retrieval.domain.editing import Claims
from retrieval.domain.ids import UserId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.service import Service
    from retrieval.domain.articles import AddedArticle
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.scope import Scope


KEPT_SECONDS: Final = 1800.0
MOST: Final = 100
"""Forms that are kept, of all members: about a megabyte. The oldest goes first."""

OPEN_EACH: Final = 3
"""Forms that one member may have open; Discord shows one at a time, and does not tell when it is closed."""
MOST_OPEN: Final = 500
"""Forms that are open, of all members."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, field by field. The publisher is an option of the command, for a form has five fields."""

    text: str = ""
    rest: str = ""
    headline: str = ""
    link: str = ""
    date: str = ""
    publisher: str | None = None

    @property
    def whole_text(self) -> str:
        """Both parts of the text."""
        return self.text + self.rest


class Forms:
    """The last form of each member in each server, and the forms that are open."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._open: dict[str, tuple[int, Callable[[], None]]] = {}
        self._kept: dict[tuple[int, int], tuple[float, Form]] = {}

    def new_id(self, member: int, close: Callable[[], None]) -> str:
        """A custom id for a form that a member opens; `close` is called where newer ones take its place."""
        theirs = [custom_id for custom_id, (whose, _) in self._open.items() if whose == member]
        for custom_id in {*theirs[: 1 - OPEN_EACH], *list(self._open)[: 1 - MOST_OPEN]}:
            self._open.pop(custom_id)[1]()
        new = f"form:{secrets.token_hex(12)}"
        self._open[new] = member, close
        return new

    def is_open(self, custom_id: str) -> bool:
        """Whether a form that is sent is known; one of an earlier start, or opened long ago, is not."""
        return custom_id in self._open

    def closed(self, custom_id: str) -> None:
        """A form is known no more."""
        self._open.pop(custom_id, None)

    def keep(self, server: int, member: int, form: Form) -> None:
        """Keep a form in the place of an earlier one of the same member there."""
        self.drop(server, member)
        self._kept[server, member] = (self._now(), form)
        for key in list(self._kept):  # the oldest first
            if len(self._kept) <= MOST and not self._is_old(key):
                break
            del self._kept[key]

    def recall(self, server: int, member: int) -> Form | None:
        """The form; None where it is kept no more."""
        key = (server, member)
        return None if key not in self._kept or self._is_old(key) else self._kept[key][1]

    def drop(self, server: int, member: int) -> None:
        """The form was accepted."""
        self._kept.pop((server, member), None)

    def forget(self, member: int) -> None:
        """Drop what a member filled in, wherever it was."""
        for key in [key for key in self._kept if key[1] == member]:
            del self._kept[key]

    def _is_old(self, key: tuple[int, int]) -> bool:
        return self._kept[key][0] < self._now() - KEPT_SECONDS


_LONGEST = 4000
_FIELDS: Final = ("text", "rest", "headline", "link", "date")


class PasteText(discord.ui.Modal, title="Paste an article"):
    """Two fields for the text, since Discord takes four thousand characters in each."""

    text: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        custom_id="text", label="The text", style=discord.TextStyle.paragraph, max_length=_LONGEST
    )
    rest: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        custom_id="rest",
        label="Its continuation, if it is longer",
        style=discord.TextStyle.paragraph,
        max_length=_LONGEST,
        required=False,
    )
    headline: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        custom_id="headline", label="Headline", max_length=300, required=False
    )
    link: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        custom_id="link", label="Link", placeholder="https://…", max_length=2000, required=False
    )
    date: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        custom_id="date", label="Date", placeholder="2024-03-25", max_length=40, required=False
    )

    def __init__(self, service: Service, home: Scope, command: int | str | None, form: Form, *, asker: int) -> None:
        super().__init__(custom_id=service.forms.new_id(asker, self.stop))
        self._service = service
        self._home = home
        self._command = command
        self._publisher = form.publisher
        for name, field in self._fields().items():
            field.default = getattr(form, name) or None

    @override
    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        replies, forms, user = self._service.responses, self._service.forms, interaction.user.id
        form = Form(publisher=self._publisher, **{name: field.value for name, field in self._fields().items()})
        assert self._home.server is not None
        forms.keep(self._home.server, user, form)
        with_text = functools.partial(articles.refused_form, text=form.whole_text, asker=user)
        if not await may_add(interaction, self._command):
            await replies.send(interaction, with_text(notices.sentence(servers.NOT_AN_ADDER)))
        elif await replies.defer_and_respond(
            interaction,
            LongWork(functools.partial(self._add, form, UserId(user))),
            functools.partial(articles.added, asker=user, low=self._service.gauge.low),
            private=True,
            after=self._service.newsroom.warm_up,
            meanwhile=articles.READING_TEXT,
            refused=with_text,
        ):
            forms.drop(self._home.server, user)
        asyncio.get_running_loop().call_soon(forms.closed, self.custom_id)  # whoever else sees this still knows it

    def _fields(self) -> dict[str, discord.ui.TextInput[PasteText]]:
        """The fields by their names in a `Form`."""
        return {"text": self.text, "rest": self.rest, "headline": self.headline, "link": self.link, "date": self.date}

    def _add(self, form: Form, by: UserId, cancellation: Cancellation) -> AddedArticle:
        claims = Claims(
            form.headline.strip() or None, form.publisher, form.date.strip() or None, form.link.strip() or None
        )
        importer = self._service.newsroom.importer
        return importer.add_text(self._home, form.whole_text, by, claims=claims, cancellation=cancellation)

    @override
    async def on_error(  # type: ignore[override]  # discord.py's own modals take no item here either
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        await self._service.responses.report_error(interaction, error)


async def give_back(interaction: discord.Interaction[Any], service: Service) -> None:
    """Hands a form's text back that was that is known no more, with a button to send it anew."""
    home, user = home_of(interaction), interaction.user.id
    filled = dict(_filled(cast("Any", interaction.data).get("components", ())))
    refusal = notices.sentence(articles.FORM_OUTDATED)
    if home is not None and home.server is not None and filled.get("text"):
        form = Form(**{name: value for name, value in filled.items() if name in _FIELDS})
        service.forms.keep(home.server, user, form)
        refusal = articles.refused_form(refusal, text=form.whole_text, asker=user)
    await service.responses.send(interaction, refusal)


def _filled(components: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """The fields of a form, by their custom ids, however they are laid out."""
    for component in components:
        if "value" in component:
            yield str(component["custom_id"]), str(component["value"])
        yield from _filled(component.get("components", ()))
        yield from _filled([component["component"]] if "component" in component else ())
