"""What a command answers: text, embeds and buttons as plain values, and the custom ids that buttons carry.

A custom id holds who may press and what is to be shown, so a button works for as long as the message stands, whatever
was restarted in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import discord

    from retrieval.domain.articles import Article
    from retrieval.domain.ids import ArticleNumber, SpeakerId

MORE_TEMPLATE = r"more:(?P<asker>\d{1,20}):(?P<token>\d{1,20}):(?P<page>\d{1,3})"
QUOTE_TEMPLATE = r"quote:(?P<asker>\d{1,20}):(?P<speaker>\d{1,20}):(?P<page>\d{1,4})(?::(?P<token>\d{1,20}))?"
FEEDS_TEMPLATE = r"feeds:(?P<asker>\d{1,20}):(?P<page>\d{1,3})"
UNDO_TEMPLATE = r"undo:(?P<asker>\d{1,20}):(?P<number>\d{1,9}):(?P<mark>\d{1,15})"
REMOVE_TEMPLATE = r"remove:(?P<asker>\d{1,20}):(?P<number>\d{1,9}):(?P<mark>\d{1,15})"
ARTICLES_TEMPLATE = r"articles:(?P<asker>\d{1,20}):(?P<token>\d{1,20}):(?P<page>\d{1,6})"
AUDIT_TEMPLATE = r"audit:(?P<asker>\d{1,20}):(?P<people>[01]):(?P<page>\d{1,6})"
FORGET_TEMPLATE = r"forget:(?P<asker>\d{1,20}):(?P<sure>[01])"
ERASE_TEMPLATE = r"erase:(?P<asker>\d{1,20}):(?P<sure>[01])"
UNEDIT_TEMPLATE = r"unedit:(?P<asker>\d{1,20}):(?P<number>\d{1,9}):(?P<mark>\d{1,15})"
FORM_TEMPLATE = r"form:(?P<asker>\d{1,20})"
RETAIN_TEMPLATE = r"retain:(?P<asker>\d{1,20}):(?P<days>\d{1,5})"
DELETE_TEMPLATE = r"delete:(?P<asker>\d{1,20})"


@dataclass(frozen=True, slots=True)
class Control:
    """A button: what it says and what it carries."""

    label: str
    custom_id: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file under a message."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole message: `content` is markdown, already escaped where it repeats somebody's words."""

    content: str | None = None
    embeds: tuple[discord.Embed, ...] = ()
    controls: tuple[Control, ...] = ()
    file: Attached | None = None
    refusal: bool = False
    """Whether this is said in place of an answer: then only whoever asked sees it, and no message changes for it."""


def more_id(asker: int, token: int, page: int) -> str:
    """The custom id that shows page `page` of the passages remembered under `token`."""
    return f"more:{asker}:{token}:{page}"


def quote_id(asker: int, speaker: SpeakerId, page: int, token: int | None = None) -> str:
    """The custom id that shows page `page` of a speaker's quotations: of those about what `token` remembers."""
    return f"quote:{asker}:{speaker}:{page}" + ("" if token is None else f":{token}")


def feeds_id(asker: int, page: int) -> str:
    """The custom id that shows a page of what the server follows."""
    return f"feeds:{asker}:{page}"


def undo_id(asker: int, number: ArticleNumber, article: Article) -> str:
    """The custom id that takes back what was just added: this version of the server's own article of that number."""
    return f"undo:{asker}:{number.number}:{article.mark}"


def remove_id(asker: int, number: ArticleNumber, article: Article) -> str:
    """The custom id that removes an article, after it was asked for: see `undo_id`."""
    return f"remove:{asker}:{number.number}:{article.mark}"


def unedit_id(asker: int, number: ArticleNumber, article: Article) -> str:
    """The custom id that undoes the edit which made this version of an article: see `undo_id`."""
    return f"unedit:{asker}:{number.number}:{article.mark}"


def form_id(asker: int) -> str:
    """The custom id that opens the form again which a member filled in last."""
    return f"form:{asker}"


def retain_id(asker: int, days: int) -> str:
    """The custom id that has articles kept for so many days, after it was asked for."""
    return f"retain:{asker}:{days}"


def articles_id(asker: int, token: int, page: int) -> str:
    """The custom id that shows a page of the list whose filters are remembered under `token`."""
    return f"articles:{asker}:{token}:{page}"


def audit_id(asker: int, page: int, *, people_only: bool) -> str:
    """The custom id that shows a page of the audit."""
    return f"audit:{asker}:{people_only:d}:{page}"


def forget_id(asker: int, *, sure: bool) -> str:
    """The custom id that makes the bot forget a member: `sure` does it, without it is asked first."""
    return f"forget:{asker}:{sure:d}"


def erase_id(asker: int, *, sure: bool) -> str:
    """The custom id that erases everything of a server: `sure` does it, without it is asked first."""
    return f"erase:{asker}:{sure:d}"


def delete_control(asker: int, label: str = "Delete") -> Control:
    """The button that takes an answer away."""
    return Control(label, f"delete:{asker}")
