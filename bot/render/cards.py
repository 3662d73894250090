"""What several embeds share: fields, an article's headline, warnings, and questions before what cannot be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.render import limits, theme
from bot.render.custom_ids import DeleteId
from bot.render.reply import Reply
from bot.render.sources import link, link_to, published
from retrieval.translation import gettext

if TYPE_CHECKING:
    from bot.render.reply import Control
    from retrieval.domain.articles import Source
    from retrieval.domain.health import DiskRoom


def card(
    title: str | None,
    text: str | None = None,
    *fields: tuple[str, str | None],
    footer: str | None = None,
    colour: discord.Colour = theme.ACCENT,
) -> discord.Embed:
    """Return an embed with those of the fields (name, value) that have a value, one below the other."""
    embed = discord.Embed(title=title, description=text, colour=colour)
    for name, value in fields:
        if value:
            embed.add_field(name=name, value=value, inline=False)
    return embed.set_footer(text=footer) if footer else embed


def article_card(
    source: Source,
    *fields: tuple[str, str | None],
    text: str = "",
    words: str | None = None,
    up_to: str = "",
    footer: str | None = None,
    colour: discord.Colour = theme.ACCENT,
) -> discord.Embed:
    """Return an embed: headline linked to the page, publisher · date, `text`, then fields with a value.

    The link opens the page at `words`; `up_to` is the article's text up to their end.
    """
    embed = card(
        limits.one_line(source.title, limits.TITLE), f"{published(source)}{text}", *fields, footer=footer, colour=colour
    )
    embed.url = link_to(source, words, up_to) if words else link(source)
    return embed


def disputed(*, in_mark: bool) -> str:
    """Return a line that warns of words that nobody may have said, in the marked sentence or in the whole passage."""
    if in_mark:
        return gettext(
            "**Disputed:** the article, or a moderator, denies or doubts that words in the marked sentence were said."
        )
    return gettext("**Disputed:** the article, or a moderator, denies or doubts that words in this passage were said.")


def no_quotation(elsewhere: int = 0, disputed: int = 0) -> discord.Embed:
    """Return the card of a view without quotations, of a speaker who has so many in others, which buttons show."""
    if elsewhere:
        text = gettext("There is nothing here any more. The buttons show what there is.")
    elif disputed:
        text = gettext("All that the archive has of theirs is disputed. The button shows it.")
    else:
        text = gettext("No quotation of theirs is in the archive any more.")
    return card(None, text, colour=theme.MUTED)


def disk_field(disk: DiskRoom | None) -> tuple[str, str | None]:
    """Return the field that warns moderators of a disk that is full, or nearly; without a value if there is room."""
    if disk is None:
        return "", None
    if disk.is_gone:
        return gettext("Disk full"), gettext(
            "Nothing can be added until there is room again. Please tell whoever runs me."
        )
    return gettext("Disk nearly full"), gettext(
        "{megabytes:,} MB are left where I keep articles. Please tell whoever runs me.",
        megabytes=round(disk.free / 1e6),
    )


def page_footer(amount: str, page: int, last: int) -> str:
    """Return how much a list holds, and which of its pages this is where there are several."""
    if not last:
        return amount
    return gettext("{amount}, page {page} of {pages}", amount=amount, page=page + 1, pages=last + 1)


def confirmation(embed: discord.Embed, confirm: Control, *, asker: int, cancel: str) -> Reply:
    """Return a question with a button that does what is asked, and one that deletes the question."""
    return Reply(embeds=(embed,), controls=(confirm, DeleteId(asker).button(cancel)))
