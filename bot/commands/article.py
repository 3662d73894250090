"""`/article`: moderators add to their server's archive, by link, file or pasted text, and look after what is there.

Every answer is for the asker alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot import autocomplete
from bot.adding import Upload, adding_request
from bot.autocomplete import Day, Typed, picked_article, with_days
from bot.buttons.articles import filtered_page
from bot.checks import authorise, authorise_adder, may_manage
from bot.command_kinds import ModeratorGroup
from bot.command_permissions import command_of
from bot.exporting import export_parts
from bot.forms import Form
from bot.modals import PasteText
from bot.options import given
from bot.refusals import Refused
from bot.render import articles
from bot.service import service_of
from bot.threads.request import LongWork, Request
from retrieval.domain.editing import Claims
from retrieval.domain.file_types import USUAL_ENDINGS
from retrieval.domain.ids import UserId
from retrieval.domain.limits import LONGEST_NAME, LONGEST_TITLE
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.service import Service
    from retrieval.domain.articles import ArticlePage, ArticleShown
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.editing import Edited
    from retrieval.domain.scope import Scope

Title = app_commands.Range[str, 1, LONGEST_TITLE]
Publisher = app_commands.Range[str, 1, LONGEST_NAME]

article_group = ModeratorGroup("article", "The articles that I know in this server.")


@article_group.subcommand("Add an article by its link or as a file; with neither, paste its text.")
@app_commands.describe(
    url="The address of the article's page",
    file=f"The article as a file: {', '.join(USUAL_ENDINGS[:-1])} or {USUAL_ENDINGS[-1]}",
    title="Its headline, whatever is found",
    publisher="Who published it, whatever is found",
    date="When it was published: 2024-03-25",
    link="Where it can be read, for a file or a text",
)
@app_commands.autocomplete(publisher=autocomplete.publisher)
async def add(
    interaction: Interaction,
    *,
    url: app_commands.Range[str, 4, 2000] | None = None,
    file: discord.Attachment | None = None,
    title: Title | None = None,
    publisher: Publisher | None = None,
    date: app_commands.Range[str, 1, 40] | None = None,
    link: app_commands.Range[str, 1, 2000] | None = None,
) -> None:
    """Say what was understood, with a button that undoes it; without link and file, open a form for the text."""
    home = await authorise_adder(interaction)
    service, by, claims = service_of(interaction), UserId(interaction.user.id), Claims(title, publisher, date, link)
    importer, respond = service.newsroom.importer, service.responses.defer_and_respond
    if url is not None and file is not None:
        raise Refused("bot.link_or_file")
    if url is not None:
        work = LongWork(lambda stop: importer.add_link(home, url, by, claims=claims, cancellation=stop))
        await respond(interaction, adding_request(service, work, by, articles.READING_PAGE))
    elif file is not None:
        upload = Upload(file)
        upload.check()
        work = LongWork(
            lambda stop: importer.add_file(home, upload.name, upload.content, by, claims=claims, cancellation=stop)
        )
        request = adding_request(service, work, by, articles.READING_FILE, prepare=upload.receive)
        await respond(interaction, request)
    else:
        form = Form(headline=title or "", link=link or "", date=date or "", publisher=publisher)
        modal = PasteText(service, home, command_of(interaction), form, asker=by)
        await service.responses.open_modal(interaction, modal)


@article_group.subcommand("Change what I know of an article of this server; its text stays as it is.")
@app_commands.describe(
    article="Begin to type its headline and pick it from the list",
    title="Its headline",
    publisher="Who published it; - for nobody known",
    date="When it was published: 2024-03-25; - for no date known",
    link="Where it can be read; - for nowhere known",
)
@app_commands.autocomplete(article=autocomplete.own_article, publisher=autocomplete.publisher)
async def edit(
    interaction: Interaction,
    article: Typed,
    *,
    title: Title | None = None,
    publisher: Publisher | None = None,
    date: app_commands.Range[str, 1, 40] | None = None,
    link: app_commands.Range[str, 1, 2000] | None = None,
) -> None:
    """Say what was changed, before and after, with a button that undoes it."""
    home = await authorise(interaction)
    service, by, claims = service_of(interaction), UserId(interaction.user.id), Claims(title, publisher, date, link)

    @LongWork
    def work(stop: Cancellation) -> Edited:
        shown = _find_article(service, home, article, not_own="article.not_yours_to_edit")
        return service.newsroom.editor.edit(home, shown.article.id, claims, by, cancellation=stop)

    request = Request(
        work,
        lambda edited: articles.edited(edited, asker=by),
        wait_for=service.newsroom.warm_up,
        progress=articles.EDITING,
    )
    await service.responses.defer_and_respond(interaction, request)


@article_group.subcommand("The articles that I know here, newest first.", name="list")
@app_commands.describe(search="Words of the headline or of the text", source="Only articles of this publisher")
@app_commands.autocomplete(source=autocomplete.publisher)
@with_days
async def list_articles(
    interaction: Interaction,
    search: Typed | None = None,
    source: Typed | None = None,
    since: Day | None = None,
    until: Day | None = None,
) -> None:
    """Answer page by page, and remember the filters for the pages that follow."""
    home = await authorise_adder(interaction)
    service, asker, token = service_of(interaction), interaction.user.id, interaction.id
    filters = given(search=search, source=source, since=since, until=until)

    def work() -> ArticlePage:
        page = filtered_page(service, home, filters, 0)
        service.answer_memory.keep_filters(home, token, asker, filters)
        return page

    request = Request(
        work,
        lambda page: articles.listing(page, asker=asker, token=token, filters=filters),
        wait_for=service.newsroom.warm_up,
        is_incomplete=lambda page: not page.entries,
    )
    await service.responses.defer_and_respond(interaction, request)


@article_group.subcommand("Everything I know of one article.")
@app_commands.describe(article="Begin to type its headline and pick it from the list")
@app_commands.autocomplete(article=autocomplete.article)
async def show(interaction: Interaction, article: Typed) -> None:
    """Show where it is from, who is quoted, how it came here, and its versions."""
    home = await authorise_adder(interaction)
    service, remover = service_of(interaction), interaction.user.id if await may_manage(interaction) else None
    request = Request(
        lambda: _find_article(service, home, article),
        lambda shown: articles.details(shown, remover=remover),
        wait_for=service.newsroom.warm_up,
        is_incomplete=lambda _: False,  # refused before everything is loaded, it is tried again
    )
    await service.responses.defer_and_respond(interaction, request)


@article_group.subcommand("Remove an article of this server, with its quotations; I ask you first.")
@app_commands.describe(article="Begin to type its headline and pick it from the list")
@app_commands.autocomplete(article=autocomplete.own_article)
async def remove(interaction: Interaction, article: Typed) -> None:
    """Ask before anything is removed."""
    home = await authorise(interaction)
    service = service_of(interaction)

    request = Request(
        lambda: _find_article(service, home, article, not_own="article.not_yours_to_remove"),
        lambda shown: articles.confirm_removal(shown, asker=interaction.user.id),
    )
    await service.responses.defer_and_respond(interaction, request)


@article_group.subcommand("This server's own articles as a file, one JSON object a line.")
@with_days
async def export(interaction: Interaction, since: Day | None = None, until: Day | None = None) -> None:
    """Send several files, one message each, if they do not fit into one."""
    home = await authorise(interaction)
    service = service_of(interaction)
    assert home.server is not None
    with service.exports.claimed(home.server) as is_only:
        if not is_only:
            raise Refused("bot.exporting")
        parts = export_parts(service.newsroom, home, since, until)
        await service.responses.send_parts(interaction, parts, service.exports.slot)


def _find_article(service: Service, home: Scope, typed: str, *, not_own: str | None = None) -> ArticleShown:
    """Return the article that was picked, or the only one whose headline contains what was typed.

    With `not_own`, the code of an error, it must be the server's own. Raises ArticleRejected and ArticleUnknown.
    """
    repository, number = service.newsroom.articles, picked_article(typed)
    if number is not None:
        shown = repository.show(home, repository.numbered(home, number))
        if not_own is not None and not shown.own:
            raise ArticleRejected(not_own)
        return shown
    entries = repository.titled(home, typed, 2, own=not_own is not None)
    if len(entries) != 1:
        raise ArticleRejected(
            "article.ambiguous_headline" if entries else "article.unknown_headline", typed=typed.strip()
        )
    return repository.show(home, entries[0].id)
