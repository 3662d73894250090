"""`/article`: moderators add to their server's archive, by link, file or pasted text, and look after what is there."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.buttons.desk import page_of
from bot.pasting import PasteText
from bot.permissions import home_of, let_in, may_add
from bot.picking import day_choices, named_choices
from bot.render import articles, limits, notices, servers
from bot.service import party_of
from bot.uploads import Upload
from bot.work import LongWork
from retrieval.domain.ids import ArticleNumber, UserId
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import ArticlePage, ArticleShown, Exported
    from retrieval.domain.readers import Reader

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

    @article.command(description="Add an article by its link or as a file; with neither, paste its text.")
    @app_commands.describe(
        url="The address of the article's page",
        file="The article as a file: .txt, .md, .html, .eml or .pdf",
    )
    async def add(
        self,
        interaction: discord.Interaction[Any],
        url: app_commands.Range[str, 4, 2000] | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Says what was understood, with a button that takes it back; or asks for the text."""
        home = await self._let_in(interaction, adding=True)
        if home is None:
            return
        service, desk, by = self._service, self._service.newsroom.desk, UserId(interaction.user.id)
        show = functools.partial(articles.added, asker=by, low=service.gauge.low)
        if url is not None and file is not None:
            await service.replies.saying(interaction, notices.sentence(articles.ONE_OF_BOTH))
        elif url is not None:
            work = LongWork(lambda stop: desk.add_link(home, url, by, cancellation=stop))
            after, reading = service.newsroom.warm_up, articles.READING_PAGE
            await service.replies.thinking(interaction, work, show, private=True, after=after, meanwhile=reading)
        elif file is not None:
            await self._add_file(interaction, home, Upload(file))
        else:
            await service.replies.opening(interaction, PasteText())

    async def _add_file(self, interaction: discord.Interaction[Any], home: Reader, upload: Upload) -> None:
        service, desk, by = self._service, self._service.newsroom.desk, UserId(interaction.user.id)
        trouble = upload.trouble()
        if trouble is not None:
            await service.replies.saying(interaction, notices.sentence(trouble))
            return
        await service.replies.thinking(
            interaction,
            LongWork(lambda stop: desk.add_file(home, upload.name, upload.content, by, cancellation=stop)),
            functools.partial(articles.added, asker=by, low=service.gauge.low),
            private=True,
            after=service.newsroom.warm_up,
            before=upload.receive,
            meanwhile=articles.READING_FILE,
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
        await self._service.replies.thinking(interaction, work, show, private=True, after=after, lacking=_is_empty)

    @article.command(description="Everything I know of one article.")
    @app_commands.describe(article="Begin to type its headline and pick it from the list")
    async def show(self, interaction: discord.Interaction[Any], article: app_commands.Range[str, 1, 100]) -> None:
        """Where it is from, who is quoted, how it came here, its versions."""
        home = await self._let_in(interaction, adding=True)
        if home is not None:
            work = functools.partial(self._meant, home, article)
            after = self._service.newsroom.warm_up  # before it is done, the article may be missing
            await self._service.replies.thinking(
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
            await self._service.replies.thinking(interaction, work, show, private=True)

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
        parts = _Export(self._service, home, since, until)
        await self._service.replies.handing_over(interaction, parts.next, parts.shown)

    @show.autocomplete("article")
    async def _headlines(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Headlines of what this server sees."""
        return await self._suggested(interaction, typed, own=False)

    @remove.autocomplete("article")
    async def _own_headlines(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Headlines of what this server added."""
        return await self._suggested(interaction, typed, own=True)

    @listed.autocomplete("source")
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
        work = functools.partial(self._service.newsroom.desk.titled, home, typed, limits.CHOICES, own=own)
        found = await self._service.offload.suggested(work, party_of(interaction))
        return [app_commands.Choice(name=articles.choice(entry), value=f"{_PICKED}{entry.number}") for entry in found]

    async def _let_in(self, interaction: discord.Interaction[Any], *, adding: bool = False) -> Reader | None:
        """The server, where this may be done by whoever tries; else they are told why not."""
        if adding:
            return await let_in(interaction, elsewhere=servers.NOT_HERE, refusal=servers.NOT_AN_ADDER, may=may_add)
        return await let_in(interaction, elsewhere=servers.NOT_HERE, refusal=servers.NOT_ALLOWED)

    def _first_page(self, home: Reader, filters: dict[str, str], asker: int, token: int) -> ArticlePage:
        page = page_of(self._service, home, filters, 0)
        self._service.memory.keep_filters(home, token, asker, filters)
        return page

    def _meant(self, home: Reader, typed: str, *, own: bool = False) -> ArticleShown:
        """The article that was picked, or the only one whose headline holds what was typed.

        Raises ArticleRejected and ArticleUnknown.
        """
        desk, number = self._service.newsroom.desk, ArticleNumber.parse(typed.strip().removeprefix(_PICKED))
        if number is not None:
            return desk.show(home, desk.numbered(home, number))
        found = desk.titled(home, typed, 2, own=own)
        if len(found) != 1:
            many = "Several headlines hold" if found else "No headline holds"
            message = f"{many} “{typed.strip()}”. Begin to type one and pick it from the list."
            raise ArticleRejected(message)
        return desk.show(home, found[0].id)


def _is_empty(page: ArticlePage) -> bool:
    return not page.entries


class _Export:
    """An export as it is handed over, part by part."""

    def __init__(self, service: Service, home: Reader, since: str | None, until: str | None) -> None:
        self._newsroom = service.newsroom
        self._home = home
        self._days = since, until
        self._number = 0

    def next(self, last: Exported | None) -> Exported | None:
        """The part after the last one; None where there is none, or enough was handed over."""
        if last is not None and (last.rest is None or self._number == articles.EXPORT_PARTS):
            return None
        narrowed = self._newsroom.narrowed(self._home, None, *self._days)
        return self._newsroom.desk.export(narrowed, 0 if last is None or last.rest is None else last.rest)

    def shown(self, part: Exported) -> Reply:
        """The part as a message with a file."""
        self._number += 1
        return articles.exported(part, number=self._number - 1, name=f"articles-{self._home.server}")
