"""Quotations as messages: a card an article, the quoted words between their marks, and how the speaker was told.

Words that stand inside the writer's sentence are shown in that sentence, in bold; several in one sentence share it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import discord

from bot.render import limits
from bot.render.amounts import count
from bot.render.escape import block_quote, escaped, plain
from bot.render.paragraphs import whole_id
from bot.render.passages import emphasised, longest_shown, shown
from bot.render.people import entry_label, head
from bot.render.reply import Control, Reply, delete_control, quote_id
from bot.render.sources import link_to, published
from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution, QuotationKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.domain.quotations import (
        CitedQuotation,
        NotQuotedAbout,
        QuotationsFound,
        Speaker,
        SpeakerAmbiguous,
        SpeakerEntry,
        SpeakerUnknown,
    )

_PER_PAGE: Final = 5
_ENTRY_LENGTH: Final = 900
_TOGETHER: Final = 20
"""Quotations of one sentence that are shown as one: each is in bold, which takes room."""
_AROUND_ENTRY: Final = 720
"""At most what an entry has beside its words: headline, publisher and dates, and how the speaker was told."""
_AROUND_PAGE: Final = limits.AUTHOR + 44
_PAGE_LENGTH: Final = limits.EMBED_CHARACTERS - _AROUND_PAGE - _PER_PAGE * _AROUND_ENTRY
_ELLIPSES: Final = 4
_NAMES: Final = 10
_OTHERS: Final = 2
_NAME_LENGTH: Final = 60
_ABOUT_LENGTH: Final = 400
_SURE: Final = 0.8
_COLOUR: Final = discord.Colour(0x2F6FDE)
_GREY: Final = discord.Colour(0x8A94A6)

_HOW: Final = {
    Attribution.NAMED: "Named in the sentence",
    Attribution.CONTINUATION: "Goes on from the quotation before",
    Attribution.PRONOUN: "Meant by “he”, “she” or “they”",
    Attribution.ROLE: "Told by office",
    Attribution.UNKNOWN: "Not sure",
}

Entry = tuple["CitedQuotation", ...]
"""Quotations that are shown as one: those of one sentence, or a single one."""


def found(
    result: QuotationsFound, *, asker: int, page: int = 0, alone: bool = False, token: int | None = None
) -> Reply:
    """A page of a speaker's quotations, in their order; `alone` is a private copy, which needs no deletion.

    Under `token` is remembered what they are about, where they were narrowed.
    """
    leaves = pages(result.quotations)
    page = min(page, max(len(leaves) - 1, 0))
    entries = leaves[page] if leaves else ()
    cards = [_article(group, result.speaker) for group in _by_article(entries)]
    if not cards:
        cards = [discord.Embed(description="No quotation of theirs is in the archive any more.", colour=_GREY)]
    cards[0].set_author(name=limits.cut(head(result.speaker), limits.AUTHOR))
    cards[-1].set_footer(text=_counted(leaves, page))
    edit_in_place = _turning(result.speaker, asker, page, len(leaves), token)
    first = sum(len(entry) for leaf in leaves[:page] for entry in leaf)
    whole = (Control("In the paragraph", whole_id(asker, result.speaker.id, first, token)),) if entries else ()
    controls = (*edit_in_place, *whole) if alone else (*edit_in_place, *whole, delete_control(asker))
    return Reply(content=_narrowed(result), embeds=tuple(cards), controls=controls)


def pages(quotations: Sequence[CitedQuotation]) -> tuple[tuple[Entry, ...], ...]:
    """The quotations as entries, and those as pages that are short enough to be read at once. Renders none of them."""
    leaves = limits.leaves(_entries(quotations), _PER_PAGE, _PAGE_LENGTH, _longest)
    return tuple(tuple(leaf) for leaf in leaves)


def _entries(quotations: Sequence[CitedQuotation]) -> Iterator[Entry]:
    for _, group in groupby(quotations, _place):
        yield from limits.chunks(group, _TOGETHER, _is_far)


def _is_far(first: CitedQuotation, other: CitedQuotation) -> bool:
    """Whether a quotation may be missing where a sentence that is too long is shown around the first one."""
    apart = other.quotation.content.end - first.quotation.content.start
    return apart > _ENTRY_LENGTH // 2 and len(first.context) > _ENTRY_LENGTH


def _longest(entry: Entry) -> int:
    """At most how long the words of an entry are as markdown."""
    text = entry[0].context if entry[0].quotation.kind is QuotationKind.MIXED else entry[0].words
    return longest_shown(text, _ENTRY_LENGTH, len(entry)) + _ELLIPSES


def _place(cited: CitedQuotation) -> tuple[object, ...]:
    quotation = cited.quotation
    alone = quotation.id if quotation.kind is QuotationKind.DIRECT else None
    return quotation.article_id, quotation.context, quotation.speakers, quotation.attribution, cited.via, alone


def _by_article(entries: Sequence[Entry]) -> list[list[Entry]]:
    return [list(group) for _, group in groupby(entries, lambda entry: entry[0].quotation.article_id)]


def _article(entries: Sequence[Entry], speaker: Speaker) -> discord.Embed:
    """One card; how the speaker was told is said again only where it is told otherwise."""
    source = entries[0][0].source
    told = [_attribution(entry[0], speaker) for entry in entries]
    blocks = [
        words if number and told[number] == told[number - 1] else f"*{told[number]}*\n{words}"
        for number, words in enumerate(map(_words, entries))
    ]
    return discord.Embed(
        title=limits.title(source.title),
        url=link_to(source, entries[0][0].words),
        description="\n\n".join([published(source), *blocks]),
        colour=_COLOUR,
    )


def _words(entry: Entry) -> str:
    first = entry[0]
    words = _in_sentence(entry) if first.quotation.kind is QuotationKind.MIXED else _by_itself(first)
    return block_quote(words)


def _by_itself(cited: CitedQuotation) -> str:
    view = shown(cited.words, None, _ENTRY_LENGTH)
    words = cited.words[view.run.start : view.run.end].strip()
    ellipsis = " …" if cited.words[view.run.end :].strip() else ""
    return f"“{escaped(words)}”{ellipsis}"


def _in_sentence(entry: Entry) -> str:
    context, base = entry[0].context, entry[0].quotation.context.start
    strong = tuple(c.quotation.content.moved(-base) for c in entry)
    view = shown(context, Span(strong[0].start, strong[-1].end), _ENTRY_LENGTH)
    before = "… " if context[: view.run.start].strip() else ""
    after = " …" if context[view.run.end :].strip() else ""
    return f"{before}{emphasised(context, view.run, strong)}{after}"


def _attribution(cited: CitedQuotation, speaker: Speaker) -> str:
    quotation = cited.quotation
    others = [limits.cut(other.name, _NAME_LENGTH, _name) for other in quotation.speakers if other.id != speaker.id]
    together = f", together with {', '.join(others[:_OTHERS])}" if others else ""
    unsure = quotation.confidence < _SURE and quotation.attribution is not Attribution.UNKNOWN
    via = f", via {limits.cut(cited.via, _NAME_LENGTH, _name)}" if cited.via else ""
    return f"{_HOW[quotation.attribution]}{together}{via}{' (not sure)' if unsure else ''}"


def _name(text: str) -> str:
    return escaped(plain(text))


def _counted(leaves: Sequence[Sequence[Entry]], page: int) -> str:
    sizes = [sum(len(entry) for entry in leaf) for leaf in leaves]
    total, before = sum(sizes), sum(sizes[:page])
    if len(leaves) < 2:  # noqa: PLR2004  # a single page
        return count(total, "quotation")
    return f"Quotations {before + 1} to {before + sizes[page]} of {total}"


def _narrowed(result: QuotationsFound) -> str | None:
    """What the quotations are about and how many are not, where that was asked."""
    if result.about is None:
        return None
    others = {0: "", 1: " (1 other left out)"}.get(result.left_out, f" ({result.left_out:,} others left out)")
    return f"About “{_about(result.about)}”, the nearest first{others}:"


def _about(text: str) -> str:
    return limits.cut(text, _ABOUT_LENGTH, escaped)


def _turning(speaker: Speaker, asker: int, page: int, amount: int, token: int | None) -> tuple[Control, ...]:
    back = (Control("Back", quote_id(asker, speaker.id, page - 1, token)),) if page > 0 else ()
    on = (Control("More quotations", quote_id(asker, speaker.id, page + 1, token)),) if page + 1 < amount else ()
    return (*back, *on)


def elsewhere(result: NotQuotedAbout, *, asker: int) -> Reply:
    """The speaker said nothing about it; a button leads to what they did say."""
    name = limits.cut(result.speaker.name, _NAME_LENGTH, _name)
    often = {1: "once", 2: "twice"}.get(result.quotations, f"{result.quotations:,} times")
    every = Control("All quotations", quote_id(asker, result.speaker.id, 0))
    content = f"{name} is quoted {often}, but not about “{_about(result.about)}”."
    return Reply(content=content, controls=(every, delete_control(asker)))


def ambiguous(result: SpeakerAmbiguous, *, asker: int, token: int | None = None) -> Reply:
    """Asks which of several speakers is meant."""
    content = f"Several speakers answer to “{limits.cut(result.name, 100, escaped)}”. Whom do you mean?"
    return Reply(
        content=content, controls=(*_choices(result.choices, asker, token, with_role=True), delete_control(asker))
    )


def unknown(result: SpeakerUnknown, *, asker: int, token: int | None = None) -> Reply:
    """Nobody of that name; the nearest names, or the most quoted, as buttons."""
    content = f"Nobody called “{limits.cut(result.name, 100, escaped)}” is quoted in the archive."
    if result.near:
        content += " It does quote:"
    return Reply(content=content, controls=(*_choices(result.near, asker, token), delete_control(asker)))


def _choices(
    entries: Sequence[SpeakerEntry], asker: int, token: int | None, *, with_role: bool = False
) -> tuple[Control, ...]:
    return tuple(
        Control(
            entry_label(entry, limits.BUTTON_LABEL, with_role=with_role), quote_id(asker, entry.speaker.id, 0, token)
        )
        for entry in entries[:_NAMES]
    )
