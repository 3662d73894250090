"""The form into which an article's text is pasted, with what is known of it.

It may stay open for long, also while the bot is restarted: it is known by its id alone, and whether whoever sends it
may still add articles is asked when it is sent.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final, cast

import discord

from bot.permissions import home_of, may_add
from bot.render import articles, notices, servers
from bot.work import LongWork
from retrieval.domain.editing import Claims
from retrieval.domain.ids import UserId

if TYPE_CHECKING:
    from bot.service import Service

FORM_ID: Final = "paste"
_LONGEST = 4000


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
        custom_id="date", label="Date", placeholder="2024-03-25", max_length=10, required=False
    )

    def __init__(self) -> None:
        super().__init__(custom_id=FORM_ID)
        self.stop()  # discord.py is not to wait for it: it would forget it where the line was cut, and at a restart


async def paste(interaction: discord.Interaction[Any], service: Service) -> None:
    """Adds what was sent in the form; whatever goes wrong, whoever sent it is told."""
    try:
        await _paste(interaction, service)
    except Exception as error:  # noqa: BLE001  # discord.py would log it and leave the sender without a word
        await service.replies.apologise(interaction, error)


async def _paste(interaction: discord.Interaction[Any], service: Service) -> None:
    home = home_of(interaction)
    if home is None or not await may_add(interaction, "article"):
        refusal = servers.NOT_HERE if home is None else servers.NOT_AN_ADDER
        await service.replies.saying(interaction, notices.sentence(refusal))
        return
    by, sent = UserId(interaction.user.id), _sent(cast("dict[str, Any]", interaction.data))
    headline, date, link = (sent[name].strip() or None for name in ("headline", "date", "link"))
    claims = Claims(headline, date=date, link=link)
    add = functools.partial(service.newsroom.desk.add_text, home, sent["text"] + sent["rest"], by, claims=claims)
    work = LongWork(lambda stop: add(cancellation=stop))
    show = functools.partial(articles.added, asker=by, low=service.gauge.low)
    after, reading = service.newsroom.warm_up, articles.READING_TEXT
    await service.replies.thinking(interaction, work, show, private=True, after=after, meanwhile=reading)


def _sent(data: dict[str, Any]) -> dict[str, str]:
    """What stands in each field, by the field's custom id."""
    fields = [field for row in data["components"] for field in row.get("components") or [row["component"]]]
    return {"text": "", "rest": "", "headline": "", "link": "", "date": ""} | {
        field["custom_id"]: field.get("value") or "" for field in fields
    }
