"""`/article`: moderators add to their server's archive, by link, file or pasted text, and look after what is there."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.autocomplete import day_choices, named_choices
from bot.buttons.articles import page_of
from bot.checks import authorised, home_of, may_add
from bot.command_permissions import command_of
from bot.files import Export, ExportTurns, Upload
from bot.modals import Form, PasteText
from bot.render import articles, limits, notices, servers
from bot.service import party_of
from bot.threads.request import LongWork
from retrieval.domain.editing import Claims
from retrieval.domain.file_types import ONE_OF_EACH
from retrieval.domain.ids import ArticleNumber, UserId
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from bot.service import Service
    from retrieval.domain.articles import ArticlePage, ArticleShown
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.editing import Edited
    from retrieval.domain.scope import Scope

_PICKED = "article:"


class Article(commands.Cog):
    """The articles of the server in which the command is used. Every answer is for whoever asked, alone."""

    article = app_commands.Group(
        name="article",
        description="The articles that I know in this server.",
        guild_only=True,
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        default_permissions=discord.Permissions(manage_guild=True),
    )

    def __init__(self, service: Service) -> None:
        self._service = service
        self._exports = ExportTurns()

    @article.command(description="Add an article by its link or as a file; with neither, paste its text.")
    @app_commands.describe(
        url="The address of the article's page",
        file=f"The article as a file: {', '.join(ONE_OF_EACH[:-1])} or {ONE_OF_EACH[-1]}",
        title="Its headline, whatever is found",
        publisher="Who published it, whatever is found",
        date="When it was published: 2024-03-25",
        link="Where it can be read, for a file or a text",
    )
    async def add(
        self,
        interaction: discord.Interaction[Any],
        *,
        url: app_commands.Range[str, 4, 2000] | None = None,
        file: discord.Attachment | None = None,
        title: app_commands.Range[str, 1, 300] | None = None,
        publisher: app_commands.Range[str, 1, 120] | None = None,
        date: app_commands.Range[str, 1, 40] | None = None,
        link: app_commands.Range[str, 1, 2000] | None = None,
    ) -> None:
        """Says what was understood, with a button that takes it back; or asks for the text."""
        home = await self._let_in(interaction, adding=True)
        if home is None:
            return
        service, claims = self._service, Claims(title, publisher, date, link)
        if url is not None and file is not None:
            await service.responses.send(interaction, notices.sentence(articles.ONE_OF_BOTH))
        elif url is not None:
            await self._add_link(interaction, home, url, claims)
        elif file is not None:
            await self._add_file(interaction, home, Upload(file), claims)
        else:
            form = Form(headline=title or "", link=link or "", date=date or "", publisher=publisher)
            opened = PasteText(service, home, command_of(interaction), form, asker=interaction.user.id)
            await service.responses.open_modal(interaction, opened)

    async def _add_link(self, interaction: discord.Interaction[Any], home: Scope, url: str, claims: Claims) -> None:
        service, importer, by = self._service, self._service.newsroom.importer, UserId(interaction.user.id)
        await service.responses.defer_and_respond(
            interaction,
            LongWork(lambda stop: importer.add_link(home, url, by, claims=claims, cancellation=stop)),
            functools.partial(articles.added, asker=by, low=service.gauge.low),
            private=True,
            after=service.newsroom.warm_up,
            meanwhile=articles.READING_PAGE,
        )

    async def _add_file(
        self, interaction: discord.Interaction[Any], home: Scope, upload: Upload, claims: Claims
    ) -> None:
        service, importer, by = self._service, self._service.newsroom.importer, UserId(interaction.user.id)
        trouble = upload.trouble()
        if trouble is not None:
            await service.responses.send(interaction, notices.sentence(trouble))
            return
        await service.responses.defer_and_respond(
            interaction,
            LongWork(
                lambda stop: importer.add_file(home, upload.name, upload.content, by, claims=claims, cancellation=stop)
            ),
            functools.partial(articles.added, asker=by, low=service.gauge.low),
            private=True,
            after=service.newsroom.warm_up,
            before=upload.receive,
            meanwhile=articles.READING_FILE,
        )

    @article.command(description="Change what I know of an article of this server; its text stays as it is.")
    @app_commands.describe(
        article="Begin to type its headline and pick it from the list",
        title="Its headline",
        publisher="Who published it; - for nobody known",
        date="When it was published: 2024-03-25; - for no date known",
        link="Where it can be read; - for nowhere known",
    )
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        article: app_commands.Range[str, 1, 100],
        *,
        title: app_commands.Range[str, 1, 300] | None = None,
        publisher: app_commands.Range[str, 1, 120] | None = None,
        date: app_commands.Range[str, 1, 40] | None = None,
        link: app_commands.Range[str, 1, 2000] | None = None,
    ) -> None:
        """Says what was changed, before and after, with a button that undoes it."""
        home = await self._let_in(interaction)
        if home is None:
            return
        service, by, claims = self._service, UserId(interaction.user.id), Claims(title, publisher, date, link)
        await service.responses.defer_and_respond(
            interaction,
            LongWork(functools.partial(self._edited, home, article, claims, by)),
            functools.partial(articles.edited, asker=by),
            private=True,
            after=service.newsroom.warm_up,
            meanwhile=articles.EDITING,
        )

    @article.command(name="list", description="The articles that I know here, newest first.")
    @app_commands.describe(
        search="Words of the headline or of the text",
        source="Only articles of this publisher",
        since="Only from this day on: 2024-03-25, 2024-03 or 2024",
        until="Only up to this day: 2024-03-25, 2024-03 or 2024",
    )
    async def listed(
        self,
        interaction: discord.Interaction[Any],
        search: app_commands.Range[str, 1, 100] | None = None,
        source: app_commands.Range[str, 1, 100] | None = None,
        since: app_commands.Range[str, 4, 10] | None = None,
        until: app_commands.Range[str, 4, 10] | None = None,
    ) -> None:
        """Answers page by page."""
        home = await self._let_in(interaction, adding=True)
        if home is None:
            return
        given = {"search": search, "source": source, "since": since, "until": until}
        filters = {name: value for name, value in given.items() if value}
        asker, token = interaction.user.id, interaction.id
        work = functools.partial(self._first_page, home, filters, asker, token)
        show = functools.partial(articles.listing, asker=asker, token=token, filters=filters)
        after = self._service.newsroom.warm_up
        await self._service.responses.defer_and_respond(
            interaction, work, show, private=True, after=after, lacking=_is_empty
        )

    @article.command(description="Everything I know of one article.")
    @app_commands.describe(article="Begin to type its headline and pick it from the list")
    async def show(self, interaction: discord.Interaction[Any], article: app_commands.Range[str, 1, 100]) -> None:
        """Where it is from, who is quoted, how it came here, its versions."""
        home = await self._let_in(interaction, adding=True)
        if home is not None:
            work = functools.partial(self._meant, home, article)
            after = self._service.newsroom.warm_up  # before it is done, the article may be missing
            await self._service.responses.defer_and_respond(
                interaction, work, articles.shown, private=True, after=after, lacking=lambda _: False
            )

    @article.command(description="Remove an article of this server, with its quotations; I ask you first.")
    @app_commands.describe(article="Begin to type its headline and pick it from the list")
    async def remove(self, interaction: discord.Interaction[Any], article: app_commands.Range[str, 1, 100]) -> None:
        """Asks before anything is removed."""
        home = await self._let_in(interaction)
        if home is not None:
            work = functools.partial(self._meant, home, article, own=True)
            show = functools.partial(articles.confirm_removal, asker=interaction.user.id)
            await self._service.responses.defer_and_respond(interaction, work, show, private=True)

    @article.command(description="This server's own articles as a file, one JSON object a line.")
    @app_commands.describe(
        since="Only from this day on: 2024-03-25, 2024-03 or 2024",
        until="Only up to this day: 2024-03-25, 2024-03 or 2024",
    )
    async def export(
        self,
        interaction: discord.Interaction[Any],
        since: app_commands.Range[str, 4, 10] | None = None,
        until: app_commands.Range[str, 4, 10] | None = None,
    ) -> None:
        """Several files, one message each, where they do not fit into one."""
        home = await self._let_in(interaction)
        if home is None:
            return
        replies, parts = self._service.responses, Export(self._service, home, since, until)
        assert home.server is not None
        with self._exports.claimed(home.server) as mine:
            if mine:
                await replies.send_parts(interaction, parts.next, parts.shown, self._exports.room)
            else:
                await replies.send(interaction, notices.sentence(articles.EXPORTING))

    @show.autocomplete("article")
    async def _headlines(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Headlines of what this server sees."""
        return await self._suggested(interaction, typed, own=False)

    @remove.autocomplete("article")
    @edit.autocomplete("article")
    async def _own_headlines(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Headlines of what this server added."""
        return await self._suggested(interaction, typed, own=True)

    @listed.autocomplete("source")
    @add.autocomplete("publisher")
    @edit.autocomplete("publisher")
    async def _sources(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Publishers as they are typed."""
        home = home_of(interaction)
        if home is None:
            return []
        work = functools.partial(self._service.newsroom.publishers_like, home, typed, limits.CHOICES)
        return named_choices(await self._service.offload.suggested(work, party_of(interaction)))

    @listed.autocomplete("since")
    @listed.autocomplete("until")
    @export.autocomplete("since")
    @export.autocomplete("until")
    async def _days(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """A few days counted back from today."""
        return day_choices(typed, interaction.created_at)

    async def _suggested(
        self, interaction: discord.Interaction[Any], typed: str, *, own: bool
    ) -> list[app_commands.Choice[str]]:
        home = home_of(interaction)
        if home is None:
            return []
        work = functools.partial(self._service.newsroom.articles.titled, home, typed, limits.CHOICES, own=own)
        found = await self._service.offload.suggested(work, party_of(interaction))
        return [app_commands.Choice(name=articles.choice(entry), value=f"{_PICKED}{entry.number}") for entry in found]

    async def _let_in(self, interaction: discord.Interaction[Any], *, adding: bool = False) -> Scope | None:
        """The server, where this may be done by whoever tries; else they are told why not."""
        if adding:
            return await authorised(interaction, not_here=servers.NOT_HERE, refusal=servers.NOT_AN_ADDER, may=may_add)
        return await authorised(interaction, not_here=servers.NOT_HERE, refusal=servers.NOT_ALLOWED)

    def _first_page(self, home: Scope, filters: dict[str, str], asker: int, token: int) -> ArticlePage:
        page = page_of(self._service, home, filters, 0)
        self._service.answer_memory.keep_filters(home, token, asker, filters)
        return page

    def _edited(self, home: Scope, typed: str, claims: Claims, by: UserId, cancellation: Cancellation) -> Edited:
        """The article with what was typed of it. Raises ArticleRejected for one that is shared."""
        meant = self._meant(home, typed, own=True)
        if not meant.own:
            raise ArticleRejected(articles.NOT_YOURS_TO_EDIT)
        return self._service.newsroom.editing.edit(home, meant.article.id, claims, by, cancellation=cancellation)

    def _meant(self, home: Scope, typed: str, *, own: bool = False) -> ArticleShown:
        """The article that was picked, or the only one whose headline holds what was typed.

        Raises ArticleRejected and ArticleUnknown.
        """
        stored, number = self._service.newsroom.articles, ArticleNumber.parse(typed.strip().removeprefix(_PICKED))
        if number is not None:
            return stored.show(home, stored.numbered(home, number))
        found = stored.titled(home, typed, 2, own=own)
        if len(found) != 1:
            many = "Several headlines hold" if found else "No headline holds"
            message = f"{many} “{typed.strip()}”. Begin to type one and pick it from the list."
            raise ArticleRejected(message)
        return stored.show(home, found[0].id)


def _is_empty(page: ArticlePage) -> bool:
    return not page.entries
