"""Answers and abstentions as messages: headline, publisher, date, and the passage with its answering sentence.

The first citation is shown in full; the others wait behind "More passages", three a page, below the first.
Embeds rather than components v2: at the width of a telephone the same answer is a sixth shorter as an embed, and only
an embed's title carries a link together with escaped text (inside a masked link's label a backslash would show).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.render import excerpt_controls, limits, theme
from bot.render.cards import article_card, card, disputed
from bot.render.custom_ids import AboutId, AloneId, DeleteId, MoreId, pager
from bot.render.dates import long_day
from bot.render.escape import escaped
from bot.render.passages import quoted
from bot.render.reply import Reply
from bot.render.sources import also_line, searched
from retrieval.domain.answers import AbstentionReason, Answer, Confidence
from retrieval.domain.wording import (
    MAYBE_NOTHING,
    NO_QUESTION,
    capitalised,
    doubted_time,
    filters_in_words,
    missing_here,
    newest_known,
    not_found,
)
from retrieval.translation import gettext, gettext_noop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import discord

    from bot.render.excerpt_controls import Shown
    from bot.render.passages import Quoted
    from bot.render.reply import Control, Menu
    from retrieval.domain.answers import Abstention, Citation
    from retrieval.domain.scope import Filters

PER_PAGE: Final = 3
_LENGTHS: Final = {Confidence.HIGH: 700, Confidence.FAIR: 1_100, Confidence.LOW: 1_100}
"""Characters of the first passage: the less sure the marked sentence, the more of what stands around it."""
_NEXT_LENGTH: Final = 500
_NEAREST_LENGTH: Final = 400
_LINE: Final = 300
_NOTE: Final = 70

_CONFIDENCE: Final = {
    Confidence.HIGH: gettext_noop("Strong match"),
    Confidence.FAIR: gettext_noop("Fair match"),
    Confidence.LOW: gettext_noop("Weak match"),
}
_REASONS: Final = {
    AbstentionReason.EMPTY_ARCHIVE: gettext_noop("The archive has no article yet."),
    AbstentionReason.FILTERS_MATCH_NOTHING: gettext_noop("No article of the archive matches these filters."),
    AbstentionReason.NOTHING_FOUND: gettext_noop("No passage is about the question."),
    AbstentionReason.NOT_GOOD_ENOUGH: gettext_noop(
        "No passage answers the question well enough to be quoted as the answer."
    ),
    AbstentionReason.SMALL_TALK: NO_QUESTION,
    AbstentionReason.TOO_OLD: gettext_noop("I have nothing about this from the time that you ask about."),
}
_SLIPS: Final = {AbstentionReason.EMPTY_ARCHIVE, AbstentionReason.FILTERS_MATCH_NOTHING, AbstentionReason.SMALL_TALK}
"""Where nothing was searched."""


def outcome(result: Answer | Abstention, *, asker: int, token: int, filters: Filters | None = None) -> Reply:
    """Return the answer to `/ask`, whichever way it went; one about an article has a button that asks without it."""
    if isinstance(result, Answer):
        reply = answer(result, asker=asker, token=token, filters=filters)
    else:
        reply = abstention(result, asker=asker, filters=filters)
    if result.about is None:
        return reply
    return replace(reply, controls=(AloneId(asker, token).button(gettext("Not about this")), *reply.controls))


def answer(result: Answer, *, asker: int, token: int, filters: Filters | None = None) -> Reply:
    """Return the first citation with its confidence, and a button to the others where there are any.

    A weak answer says first that there may be none and which words of the question its passage lacks, has the colour
    of an abstention, and nothing in it is marked.
    """
    embed = _first_card(result, _LENGTHS[result.confidence])
    embed.set_author(name=_asked(result, filters, lead=f"{gettext(MAYBE_NOTHING)} " if result.is_weak else ""))
    shown = [excerpt_controls.of_citation(result.citations[0], marking=not result.is_weak)]
    return Reply(embeds=(embed,), controls=_controls(result.shown, 0, asker, token, shown))


def bearing_card(result: Answer) -> discord.Embed:
    """Return the first citation as bearing on a claim, which stands above it."""
    embed = _first_card(result, _NEXT_LENGTH)
    return embed.set_author(
        name=_asked(result, None, lead=f"{gettext('Perhaps about this:')} " if result.is_weak else "")
    )


def _first_card(result: Answer, length: int) -> discord.Embed:
    """Return the first citation with its confidence; nothing in a weak match is marked."""
    first, doubt = result.citations[0], result.time_doubt
    doubted = f"\n**{doubted_time(doubt, first, long_day)}**" if doubt else ""
    missing = f"\n*{escaped(missing_here(result.missing))}*" if result.missing else ""
    return _card(
        first,
        length,
        gettext(_CONFIDENCE[result.confidence]),
        *_read_as(result),
        above=doubted + missing,
        colour=theme.ABSTENTION if result.is_weak else theme.ANSWER,
        marking=not result.is_weak,
    )


def abstention(result: Abstention, *, asker: int, filters: Filters | None = None) -> Reply:
    """Say that the archive does not hold the answer, what was searched, and the nearest passage, labelled so."""
    question = result.reason is not AbstentionReason.SMALL_TALK
    title = gettext("The archive does not hold the answer") if question else gettext("Ask me about the news")
    footer = next(iter(_read_as(result)), None)
    embed = card(title, "\n".join(_explanation(result)), footer=footer, colour=theme.ABSTENTION)
    embeds = [embed.set_author(name=_asked(result, filters))]
    if result.shown is not None:
        nearest = _card(result.shown, _NEAREST_LENGTH, colour=theme.ABSTENTION, marking=False)
        too_old = result.reason is AbstentionReason.TOO_OLD
        heading = newest_known(result.shown) if too_old else gettext("Closest, but not an answer")
        embeds.append(nearest.set_author(name=heading))
    return Reply(
        embeds=tuple(embeds), controls=(DeleteId(asker).button(gettext("Delete")),), slip=result.reason in _SLIPS
    )


def _explanation(result: Abstention) -> Iterator[str]:
    """Yield the lines of an abstention: why, what was searched, what may be asked."""
    if result.looked_for and result.shown is None:
        yield escaped(limits.cut(not_found(result.looked_for), _LINE))
    else:
        yield gettext(_REASONS[result.reason])
    archive = result.searched
    if result.reason is not AbstentionReason.SMALL_TALK and (archive.articles or archive.undated):
        yield searched(archive)
    if result.examples:
        yield gettext("Ask, for example:")
    for example in result.examples:
        yield f"• {escaped(limits.cut(example, _LINE))}"


def further_pages(citations: int) -> int:
    """Return how many pages of further passages there are behind the first citation."""
    return -(-(citations - 1) // PER_PAGE)


def further(
    citations: Sequence[Citation], *, page: int, asker: int, token: int, under: discord.Embed | None = None
) -> Reply:
    """Return page `page` (from 1) of the passages behind the first one; `under` is the answer that stays above them.

    Without `under` the page stands alone, as a private copy. Page 0 is the answer by itself.
    """
    start = 1 + (page - 1) * PER_PAGE
    numbers = range(start, min(start + PER_PAGE, len(citations))) if page else range(under is None)
    above = [None, *numbers] if under is None else [0, *numbers]
    shown = [excerpt_controls.of_citation(citations[number]) for number in (*range(under is not None), *numbers)]
    embeds = [_further_card(citations, number, before) for number, before in zip(numbers, above, strict=False)]
    if under is None:
        buttons = (*_pager(len(citations), page, asker, token), *excerpt_controls.controls(shown))
        return Reply(embeds=tuple(embeds), controls=buttons)
    return Reply(embeds=(under, *embeds), controls=_controls(citations, page, asker, token, shown))


def _asked(result: Answer | Abstention, filters: Filters | None, *, lead: str = "") -> str:
    """Return the question as it was typed, behind a `lead`; its filters and its subject."""
    notes = (
        filters_in_words(filters) if filters else "",
        gettext("About: {headline}", headline=result.about) if result.about else "",
    )
    behind = "".join(f" · {limits.cut(note, _NOTE)}" for note in notes if note)
    return limits.cut(lead + result.question, limits.AUTHOR - len(behind)) + behind


def _read_as(result: Answer | Abstention) -> tuple[str, ...]:
    """Return what misspelt words were read as, for the small line below: no alarm, and no part of the question."""
    if not result.read_as:
        return ()
    return (limits.cut(gettext("Read as: {words}", words=", ".join(result.read_as)), _NOTE),)


def _controls(
    citations: Sequence[Citation], page: int, asker: int, token: int, shown: Sequence[Shown]
) -> tuple[Control | Menu, ...]:
    """Return what is under an answer: its pages, a question about the first article, and what is done with excerpts."""
    about = AboutId(citations[0].passage_id).button(gettext("Ask about this article"))
    delete = DeleteId(asker, token).button(gettext("Delete"))
    return (*_pager(len(citations), page, asker, token), about, *excerpt_controls.controls(shown), delete)


def _pager(citations: int, page: int, asker: int, token: int) -> tuple[Control, ...]:
    has_next = page < further_pages(citations)
    return pager(page, lambda number: MoreId(asker, token, number), gettext("More passages"), has_next=has_next)


def _further_card(citations: Sequence[Citation], number: int, above: int | None) -> discord.Embed:
    """Return the card of one more passage, without the headline below a card of the same article."""
    place = gettext("Passage {number} of {total}", number=number + 1, total=len(citations))
    if above is not None and citations[above].article_id == citations[number].article_id:
        passage = quoted(citations[number], _NEXT_LENGTH)
        return card(None, passage.markdown, footer=_footer(passage, place, gettext("same article")), colour=theme.MUTED)
    return _card(citations[number], _NEXT_LENGTH, place)


def _card(
    citation: Citation,
    length: int,
    *notes: str,
    above: str = "",
    colour: discord.Colour = theme.MUTED,
    marking: bool = True,
) -> discord.Embed:
    """Return the card of a passage: what is `above` its words is markdown, its `notes` stand below them."""
    passage = quoted(citation, length, marking=marking)
    text = f"{also_line(citation.also)}{above}{_disputed(citation, marking=marking)}\n{passage.markdown}"
    footer = _footer(passage, *notes)
    return article_card(
        citation.source, text=text, words=citation.answering, up_to=citation.up_to_mark, footer=footer, colour=colour
    )


def _footer(passage: Quoted, *notes: str) -> str | None:
    line = " · ".join((*notes, gettext("sentence cut")) if passage.is_cut else notes)
    return capitalised(line) or None


def _disputed(citation: Citation, *, marking: bool) -> str:
    """Return a line that warns of words in the passage that nobody may have said; empty if there are none."""
    if not citation.disputed:
        return ""
    return f"\n{disputed(in_mark=marking and citation.marks_disputed)}"
