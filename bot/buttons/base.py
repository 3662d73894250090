"""What buttons share. Each is made anew from its custom id at every press, so it survives a restart.

A subclass of `PersistentButton[MoreId]` is the button that carries a `MoreId`; nothing else registers it. The buttons
of moderators check at every press whether the member may use the command.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Self, TypeVar, cast, get_args

import discord
from typing_extensions import get_original_bases, override

from bot.checks import authorise, may_add, may_manage
from bot.interactions import is_private
from bot.refusals import Refused
from bot.render.custom_ids import AskerId, CustomId, VersionId
from bot.render.reply import Control, Menu
from bot.service import service_of
from retrieval.domain.ids import ArticleNumber
from retrieval.errors import ArticleUnknown
from retrieval.translation import speak

if TYPE_CHECKING:
    import re

    from bot.interactions import Interaction
    from bot.service import Service
    from bot.threads.request import Request
    from retrieval.domain.articles import ArticleShown
    from retrieval.domain.excerpts import Excerpt, ExcerptRef
    from retrieval.domain.scope import Scope

Id = TypeVar("Id", bound=CustomId)
Picked = TypeVar("Picked", bound=CustomId)
Result = TypeVar("Result")

_MATCHES_NOTHING: Final = r"(?!)"


class PersistentButton(discord.ui.DynamicItem[discord.ui.Item[Any]], Generic[Id], template=_MATCHES_NOTHING):
    """A button or a menu whose custom id says everything; subclasses say what a press does."""

    carries: ClassVar[type[CustomId] | None] = None
    """None for a class that several buttons share."""

    @override
    def __init_subclass__(cls) -> None:
        (argument,) = get_args(get_original_bases(cls)[0])
        cls.carries = None if isinstance(argument, TypeVar) else argument
        super().__init_subclass__(template=_MATCHES_NOTHING if cls.carries is None else cls.carries.pattern())

    def __init__(self, control: Control | Menu) -> None:
        super().__init__(_select(control) if isinstance(control, Menu) else _button(control))

    @classmethod
    @override
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        if isinstance(item, discord.ui.Button):
            return cls(Control(item.label or "", match.string))
        return cls(Menu("", match.string))

    @override
    async def callback(self, interaction: Interaction) -> None:
        """Do what the press asks for; tell the member what goes wrong."""
        speak(interaction.locale.value)
        service = service_of(interaction)
        try:
            await self.press(interaction, service, self.fields())
        except Exception as error:  # noqa: BLE001  # discord.py would log it and leave the presser without a word
            await service.responses.report_error(interaction, error)

    def fields(self) -> Id:
        """Return what the custom id holds."""
        assert self.carries is not None
        return cast("Id", self.carries.parse(self.custom_id))

    async def press(self, interaction: Interaction, service: Service, fields: Id) -> None:
        """Do what the button is for."""
        raise NotImplementedError


def _button(control: Control) -> discord.ui.Button[Any]:
    style = discord.ButtonStyle.danger if control.danger else discord.ButtonStyle.secondary
    return discord.ui.Button(label=control.label, custom_id=control.custom_id, style=style)


def _select(menu: Menu) -> discord.ui.Select[Any]:
    options = [discord.SelectOption(label=o.label, value=o.value, description=o.description) for o in menu.options]
    most = min(menu.most, max(len(options), 1))
    return discord.ui.Select(custom_id=menu.custom_id, placeholder=menu.label, options=options, max_values=most)


class ModeratorButton(PersistentButton[Id]):
    """A button under a moderator's answer, for the moderator who was given it, who may still use its `command`.

    Anybody else is told so; a member who may not use the command any more reads the sentence of `not_allowed`, a code.
    """

    command: ClassVar[str]
    not_allowed: ClassVar[str] = "bot.not_allowed"

    @override
    async def press(self, interaction: Interaction, service: Service, fields: Id) -> None:
        if isinstance(fields, AskerId) and fields.asker != interaction.user.id:
            raise Refused("bot.not_your_button")
        home = await authorise(interaction, not_here="bot.not_your_button", not_allowed=self.not_allowed, may=self.may)
        await self.press_at(interaction, service, home, fields)

    async def may(self, interaction: Interaction) -> bool:
        """Whether the member who pressed may use the command."""
        return await may_manage(interaction, self.command)

    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: Id) -> None:
        """Do what the button is for, in the server where it was pressed."""
        raise NotImplementedError


class AdderButton(ModeratorButton[Id]):
    """A button of `/article` for members who may add articles."""

    command = "article"
    not_allowed = "bot.not_an_adder"

    @override
    async def may(self, interaction: Interaction) -> bool:
        return await may_add(interaction, self.command)


def picked(interaction: Interaction, kind: type[Picked]) -> Picked:
    """Return the custom id that is the value of the line picked from a menu. Raises Refused for a forged one."""
    try:
        return kind.parse(str(cast("Any", interaction.data)["values"][0]))
    except ValueError as error:
        raise Refused("bot.outdated") from error


def all_picked(interaction: Interaction) -> tuple[str, ...]:
    """Return the values of the lines that were picked from a menu, as they were sent."""
    return tuple(map(str, cast("Any", interaction.data)["values"]))


def is_own(interaction: Interaction, asker: int) -> bool:
    """Whether the member who pressed is the `asker`, and Discord says that the message answers them."""
    message = interaction.message
    metadata = None if message is None else message.interaction_metadata
    return metadata is not None and asker == metadata.user.id == interaction.user.id


def article_of(service: Service, home: Scope, fields: VersionId) -> ArticleShown | None:
    """Return the article whose `number` and `fingerprint` the button carries; None if this version of it is gone."""
    articles = service.newsroom.articles
    try:
        shown = articles.show(home, articles.numbered(home, ArticleNumber(fields.number)))
    except ArticleUnknown:
        return None
    return shown if shown.article.fingerprint == fields.fingerprint else None


def excerpt_of(service: Service, scope: Scope, ref: ExcerptRef) -> Excerpt:
    """Return the excerpt of a reference. Raises Refused where its words are not to be seen any more."""
    excerpt = service.newsroom.excerpts.find(scope, ref)
    if excerpt is None:
        raise Refused("bot.excerpt_gone")
    return excerpt


def may_edit(interaction: Interaction, asker: int) -> bool:
    """Whether the message itself may become the other page: it is private, or the asker's and not emptied.

    Embeds that a moderator removed stay removed; the member who presses is shown a copy.
    """
    if is_private(interaction):
        return True
    emptied = interaction.message is not None and interaction.message.flags.suppress_embeds
    return is_own(interaction, asker) and not emptied


async def respond(interaction: Interaction, service: Service, request: Request[Result], *, in_place: bool) -> bool:
    """Answer in the place of the message, or privately in a copy for the member who pressed; return whether it was.

    A refusal is no answer.
    """
    show = service.responses.edit_in_place if in_place else service.responses.defer_and_respond
    return await show(interaction, request)
