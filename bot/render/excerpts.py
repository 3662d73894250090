"""One excerpt by itself: shared as a card, or in its context, with what proves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.render import limits, theme
from bot.render.cards import article_card, card, disputed
from bot.render.custom_ids import CiteId, ContextId, DeleteId, ShareId, VerifyId, WrongId
from bot.render.dates import day_and_time
from bot.render.escape import block_quote
from bot.render.passages import emphasised, ends_within_sentence, window
from bot.render.quotations import credit, single
from bot.render.reply import Reply
from bot.render.sources import link
from retrieval.domain.articles import Span
from retrieval.translation import gettext

if TYPE_CHECKING:
    import discord

    from retrieval.domain.excerpts import Excerpt

_SHARED_LENGTH: Final = 1_100
_CONTEXT_LENGTH: Final = 3_000


def shared(excerpt: Excerpt, *, by: int) -> Reply:
    """Return the card that a member posts; it is theirs to delete."""
    cited = excerpt.quotation
    around = excerpt.ref.span if excerpt.is_passage else excerpt.paragraph
    embed = _passage(excerpt, around, _SHARED_LENGTH) if cited is None else single(cited)
    buttons = (ContextId.of(excerpt.ref).button(gettext("In context")), DeleteId(by).button(gettext("Delete")))
    return Reply(content=gettext("Shared by {member}", member=f"<@{by}>"), embeds=(embed,), controls=buttons)


def in_context(excerpt: Excerpt, *, verified: bool = False) -> Reply:
    """Return the words in bold among the paragraphs around them, with what proves them where that was asked for."""
    around = Span(excerpt.start, excerpt.start + len(excerpt.text))
    embed = _passage(excerpt, around, _CONTEXT_LENGTH)
    if excerpt.quotation is not None:
        author, _ = credit(excerpt.quotation)
        embed.set_author(name=author)
    ref = excerpt.ref
    buttons = (ShareId.of(ref).button(gettext("Share")), CiteId.of(ref).button(gettext("Copy as citation")))
    verify = () if verified else (VerifyId.of(ref).button(gettext("Verify")),)
    controls = (*buttons, *verify, WrongId.of(ref).button(gettext("Wrong?")))
    return Reply(embeds=(embed, *([_proof(excerpt)] if verified else [])), controls=controls)


def _passage(excerpt: Excerpt, around: Span, length: int) -> discord.Embed:
    """Return a card with the longest run of sentences around the words, which are in bold where they are not all."""
    text, words = excerpt.of(around), excerpt.ref.span.moved(-around.start)
    core = words if len(words) < len(text) else None
    strong = (core,) if core and not excerpt.is_passage else ()
    run = window(text, core, length)
    markdown = block_quote(emphasised(text, run, strong))
    notes = "\n".join(filter(None, (_note(excerpt, run.moved(around.start)), markdown)))
    return article_card(
        excerpt.source,
        text=f"\n{notes}",
        words=excerpt.words,
        up_to=text[: words.end],
        footer=gettext("Sentence cut") if ends_within_sentence(text, run, core) else None,
        colour=theme.ANSWER,
    )


def _note(excerpt: Excerpt, around: Span) -> str:
    """Return what is to be known of who said the words, or that somebody else may not have said what is around them."""
    if excerpt.quotation is not None:
        return credit(excerpt.quotation)[1]
    if excerpt.is_disputed and not excerpt.is_passage:
        return disputed(in_mark=True)
    return disputed(in_mark=False) if any(around.overlaps(words) for words in excerpt.disputed) else ""


def _proof(excerpt: Excerpt) -> discord.Embed:
    """Return what a reader needs to check that the words stand in the stored text, and where that is from."""
    span, url = excerpt.ref.span, link(excerpt.source)
    shown = f"<{url}>" if url and len(url) <= limits.FIELD_VALUE - 2 else gettext("See the link of the headline")
    since = (
        gettext("{time}, fetched from its address", time=day_and_time(excerpt.got_at))
        if excerpt.fetched
        else gettext("{time}, handed in as a text", time=day_and_time(excerpt.got_at))
    )
    characters = gettext(
        "{first:,} to {last:,} of {total:,}, counted from 0", first=span.start, last=span.end, total=excerpt.length
    )
    return card(
        gettext("How to verify it"),
        gettext(
            "The words are characters of the stored text, which never changes. Whenever I show any of them, I compare "
            "the text with its SHA-256."
        ),
        (gettext("Characters"), characters),
        (gettext("SHA-256 of the words, in UTF-8"), f"`{excerpt.words_hash}`"),
        (gettext("SHA-256 of the stored text, in UTF-8"), f"`{excerpt.text_hash}`"),
        (gettext("In the archive since"), since),
        # Translators: of an article, on the web.
        (gettext("Address"), shown if url else gettext("Not known")),
        colour=theme.MUTED,
    )
