"""The forms: for the text of an article, and for a question about an article.

A form may stay open for long: whether its member may still do what it is for is checked when it is sent.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord.ui import TextInput
from typing_extensions import override

from bot.adding import adding_request
from bot.asking import asking_request
from bot.checks import answer, may_add, require_answer_channel, start_cooldown
from bot.forms import Form
from bot.interactions import home_of, is_private, scope_of
from bot.message_text import words_of
from bot.refusals import Refused
from bot.render import articles, limits, notices
from bot.threads.request import LongWork
from retrieval.domain.answers import Context
from retrieval.domain.editing import Claims
from retrieval.domain.ids import UserId
from retrieval.domain.limits import LONGEST_QUESTION, LONGEST_TITLE, LONGEST_URL
from retrieval.errors import NewsError
from retrieval.translation import gettext, speak

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.interactions import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import AddedArticle
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.ids import PassageId
    from retrieval.domain.scope import Scope

_FIELDS: Final = ("text", "rest", "headline", "link", "date")


class _Form(discord.ui.Modal):
    """A form that a member has open, until it is sent or newer ones replace it."""

    def __init__(self, service: Service, title: str, *, asker: int) -> None:
        super().__init__(title=title, custom_id=service.forms.new_id(asker, self.stop))
        self._service = service

    @override
    async def interaction_check(self, interaction: Interaction, /) -> bool:
        speak(interaction.locale.value)
        return True

    @override
    async def on_error(  # type: ignore[override]  # discord.py's own modals take no item here either
        self, interaction: Interaction, error: Exception, /
    ) -> None:
        try:
            await self._service.responses.report_error(interaction, error)
        finally:
            self.stop()
            self.close()

    def close(self) -> None:
        """Forget it, at the end of this round of the loop: the bot's own listener still has to find it open."""
        asyncio.get_running_loop().call_soon(self._service.forms.close, self.custom_id)


class PasteText(_Form):
    """Has two fields for the text, because Discord takes four thousand characters in each."""

    def __init__(self, service: Service, home: Scope, command: int | str | None, form: Form, *, asker: int) -> None:
        # Translators: the title of a form, like its labels at most 45 characters.
        super().__init__(service, gettext("Paste an article"), asker=asker)
        self._home = home
        self._command = command
        self._publisher = form.publisher
        self._inputs: tuple[TextInput[PasteText], ...] = (
            TextInput(
                custom_id="text",
                label=gettext("The text"),
                style=discord.TextStyle.paragraph,
                max_length=limits.TEXT_INPUT,
            ),
            TextInput(
                custom_id="rest",
                label=gettext("Its continuation, if it is longer"),
                style=discord.TextStyle.paragraph,
                max_length=limits.TEXT_INPUT,
                required=False,
            ),
            TextInput(custom_id="headline", label=gettext("Headline"), max_length=LONGEST_TITLE, required=False),
            TextInput(
                custom_id="link",
                # Translators: a field for the address of an article.
                label=gettext("Link"),
                placeholder="https://…",
                max_length=LONGEST_URL,
                required=False,
            ),
            TextInput(custom_id="date", label=gettext("Date"), placeholder="2024-03-25", max_length=40, required=False),
        )
        for field in self._inputs:
            field.default = getattr(form, field.custom_id) or None
            self.add_item(field)

    @override
    async def on_submit(self, interaction: Interaction, /) -> None:
        service, home, by = self._service, self._home, UserId(interaction.user.id)
        form = Form(publisher=self._publisher, **{field.custom_id: field.value for field in self._inputs})
        assert home.server is not None
        service.forms.kept.keep(by, home.server, form)

        @LongWork
        def work(stop: Cancellation) -> AddedArticle:
            headline, date, link = (value.strip() or None for value in (form.headline, form.date, form.link))
            claims = Claims(headline, form.publisher, date, link)
            return service.newsroom.importer.add_text(home, form.whole_text, by, claims=claims, cancellation=stop)

        def with_text(refusal: Reply) -> Reply:
            return articles.refused_form(refusal, text=form.whole_text, asker=by)

        if not await may_add(interaction, self._command):
            await service.responses.refuse(interaction, Refused("bot.not_an_adder"), with_text)
        else:
            request = adding_request(service, work, by, articles.READING_TEXT, render_refusal=with_text)
            if await service.responses.defer_and_respond(interaction, request):
                service.forms.kept.drop(by, home.server)
        self.close()


class AskAboutArticle(_Form):
    """Has one field for the question, which is answered from the article of the passage."""

    def __init__(self, service: Service, passage: PassageId, *, asker: int) -> None:
        # Translators: the title of a form, at most 45 characters.
        super().__init__(service, gettext("Ask about this article"), asker=asker)
        self._context = Context(passage, chosen=True)
        self._question: TextInput[AskAboutArticle] = TextInput(
            custom_id="question",
            label=gettext("Your question"),
            # Translators: an example of a question that follows up on an article.
            placeholder=gettext("And when?"),
            max_length=LONGEST_QUESTION,
        )
        self.add_item(self._question)

    @override
    async def on_submit(self, interaction: Interaction, /) -> None:
        typed = self._question.value
        try:
            require_answer_channel(interaction)
            question = self._service.newsroom.clean_question(words_of(typed))
            start_cooldown(interaction)
        except NewsError as refusal:
            await self._service.responses.refuse(
                interaction, refusal, lambda reply: notices.with_question(reply, typed)
            )
        else:
            request = asking_request(interaction, scope_of(interaction), question, self._context)
            await answer(interaction, request, only_me=is_private(interaction))
        self.close()


async def return_outdated(interaction: Interaction, service: Service) -> None:
    """Refuse a form that is not open any more; return its text with a button that opens it again."""
    home, member = home_of(interaction), interaction.user.id
    values = dict(_values(cast("Any", interaction.data).get("components", ())))
    outdated = Refused("bot.form_outdated")
    if home is None or home.server is None or not values.get("text"):
        await service.responses.refuse(interaction, outdated)
        return
    form = Form(**{name: value for name, value in values.items() if name in _FIELDS})
    service.forms.kept.keep(member, home.server, form)

    def with_text(refusal: Reply) -> Reply:
        return articles.refused_form(refusal, text=form.whole_text, asker=member)

    await service.responses.refuse(interaction, outdated, with_text)


def _values(components: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield each field's custom id and value, however the form is laid out."""
    for component in components:
        if "value" in component:
            yield str(component["custom_id"]), str(component["value"])
        yield from _values(component.get("components", ()))
        yield from _values([component["component"]] if "component" in component else ())
